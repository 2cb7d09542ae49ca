public import SidetoneModel

/// Decodes payload bytes to samples and encodes samples to payload bytes, for one track.
///
/// To add a codec, write one file with the type and its `Encoding`, and add one line to `CodecCatalog`.
public protocol AudioCodec: SendableMetatype {
    /// The encoding name as in SDP.
    static var encoding: Encoding { get }
    /// The names that platforms use for it in their messages, in lower case, without parameters.
    static var aliases: [String] { get }
    /// The supported sample rates.
    static var sampleRates: [Int] { get }
    /// The largest representable magnitude, where full scale is 1; larger samples are clipped.
    static var ceiling: Float { get }
    /// The supported packet durations in milliseconds; nil for any duration.
    static var packetMs: [Int]? { get }
    /// Whether decoded samples survive re-encoding and decoding unchanged, packet by packet.
    static var isLossless: Bool { get }

    init(sampleRate: Int) throws(CodecError)

    /// The number of samples that a payload decodes to.
    func sampleCount(of payload: [UInt8]) -> Int

    /// Appends the payload's samples.
    ///
    /// - Returns: the number of trailing bytes that could not be decoded; 0 for a complete payload.
    mutating func decode(_ payload: [UInt8], into samples: inout [Int16]) -> Int

    /// Appends `count` samples in place of missing packets, extrapolated from the preceding audio.
    ///
    /// - Returns: false for a codec without its own concealment; nothing is appended then.
    mutating func conceal(_ count: Int, into samples: inout [Int16]) -> Bool

    /// Appends the encoded samples.
    mutating func encode(_ samples: ArraySlice<Int16>, into payload: inout [UInt8])
}

extension AudioCodec {
    public static var packetMs: [Int]? { nil }
    public static var isLossless: Bool { true }
    public mutating func conceal(_ count: Int, into samples: inout [Int16]) -> Bool { false }

    /// - Throws: `CodecError` when the codec does not support packets of that duration.
    public static func check(packetMs length: Int) throws(CodecError) {
        guard let packetMs, !packetMs.contains(length) else { return }
        throw CodecError(
            .unsupportedPacket,
            "a packet is \(length) ms long; \(encoding) supports \(packetMs.map(String.init).joined(separator: ", "))")
    }
}

/// Every codec this build decodes.
public enum CodecCatalog {
    /// One codec per line, in alphabetical order, so that concurrent additions do not conflict.
    public static let all: [any AudioCodec.Type] = [
        L16.self,
        L16BigEndian.self,
        Opus.self,
        PCMA.self,
        PCMU.self,
    ]

    /// Looks up a codec by name or alias, ignoring case and parameters: `audio/x-mulaw;rate=8000`.
    public static func named(_ name: String) -> (any AudioCodec.Type)? {
        let word = name.lowercased().prefix { $0 != ";" && $0 != "@" && $0 != " " }
        return all.first { $0.encoding.rawValue.lowercased() == word || $0.aliases.contains(String(word)) }
    }

    /// Creates the codec for a format.
    public static func codec(for format: MediaFormat) throws(CodecError) -> any AudioCodec {
        guard let type = all.first(where: { $0.encoding == format.encoding }) else {
            throw CodecError(
                .unsupportedEncoding, "the encoding is \"\(format.encoding)\"; supported: \(names)")
        }
        guard type.sampleRates.contains(format.sampleRate) else {
            let rates = type.sampleRates.map(String.init).joined(separator: ", ")
            throw CodecError(
                .unsupportedRate, "the sample rate is \(format.sampleRate); \(format.encoding) supports \(rates)")
        }
        return try type.init(sampleRate: format.sampleRate)
    }

    /// The names of all codecs, for messages: `L16, OPUS, PCMU`.
    public static var names: String { all.map { $0.encoding.rawValue }.joined(separator: ", ") }
}
