/// The name of an audio encoding, as in SDP. Each file in Codecs declares its own.
public struct Encoding: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
}

/// The media format that a stream announces. A track is always mono.
public struct MediaFormat: Sendable, Hashable {
    public var encoding: Encoding
    /// Samples per second.
    public var sampleRate: Int

    public init(encoding: Encoding, sampleRate: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
    }
}
