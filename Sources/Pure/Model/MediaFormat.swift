/// The name of a way to write samples as bytes, as in SDP. Each codec's file in Codecs adds its own.
public struct Encoding: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
}

/// What a stream announces of its media. A track is always mono.
public struct MediaFormat: Sendable, Hashable {
    public var encoding: Encoding
    /// Samples per second.
    public var sampleRate: Int

    public init(encoding: Encoding, sampleRate: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
    }
}
