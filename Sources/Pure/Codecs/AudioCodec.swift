public import SidetoneModel

/// Payload bytes to samples and back, for one track.
///
/// To add one: a file with the type and its `Encoding`, and a line in `CodecCatalog`.
public protocol AudioCodec: SendableMetatype {
    /// Its name as in SDP.
    static var encoding: Encoding { get }
    /// What platforms call it in their messages, in lower case, without parameters.
    static var aliases: [String] { get }
    /// The sample rates it carries.
    static var sampleRates: [Int] { get }
    /// The largest magnitude that it can carry, where full scale is 1; samples there are clipped.
    static var ceiling: Float { get }
    /// How long its packets may be, in milliseconds; nil for any length.
    static var packetMs: [Int]? { get }
    /// Whether what it decoded once is the same when it is encoded and decoded again, packet by packet.
    static var isLossless: Bool { get }

    init(sampleRate: Int) throws(CodecError)

    /// How many samples a payload decodes to.
    func sampleCount(of payload: [UInt8]) -> Int

    /// Appends the payload's samples.
    ///
    /// - Returns: how many bytes at the end could not be used; 0 for a whole payload.
    mutating func decode(_ payload: [UInt8], into samples: inout [Int16]) -> Int

    /// Appends `count` samples in the place of packets that are missing, from what the codec heard before.
    ///
    /// - Returns: false for a codec that has no means of its own; nothing is appended then.
    mutating func conceal(_ count: Int, into samples: inout [Int16]) -> Bool

    /// Appends the encoded samples.
    mutating func encode(_ samples: ArraySlice<Int16>, into payload: inout [UInt8])
}

extension AudioCodec {
    public static var packetMs: [Int]? { nil }
    public static var isLossless: Bool { true }
    public mutating func conceal(_ count: Int, into samples: inout [Int16]) -> Bool { false }

    /// - Throws: `CodecError` when its packets cannot be as long.
    public static func check(packetMs length: Int) throws(CodecError) {
        guard let packetMs, !packetMs.contains(length) else { return }
        throw CodecError(
            .unsupportedPacket,
            "a packet has \(length) ms; \(encoding) takes \(packetMs.map(String.init).joined(separator: ", "))")
    }
}

/// Every codec this build decodes.
public enum CodecCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    public static let all: [any AudioCodec.Type] = [
        L16.self,
        L16BigEndian.self,
        Opus.self,
        PCMA.self,
        PCMU.self,
    ]

    /// The codec that a platform or a user names, with or without parameters, in any case: `audio/x-mulaw;rate=8000`.
    public static func named(_ name: String) -> (any AudioCodec.Type)? {
        let word = name.lowercased().prefix { $0 != ";" && $0 != "@" && $0 != " " }
        return all.first { $0.encoding.rawValue.lowercased() == word || $0.aliases.contains(String(word)) }
    }

    /// A codec for a format.
    public static func codec(for format: MediaFormat) throws(CodecError) -> any AudioCodec {
        guard let type = all.first(where: { $0.encoding == format.encoding }) else {
            throw CodecError(
                .unsupportedEncoding, "the encoding is \"\(format.encoding)\"; this build decodes \(names)")
        }
        guard type.sampleRates.contains(format.sampleRate) else {
            let rates = type.sampleRates.map(String.init).joined(separator: ", ")
            throw CodecError(
                .unsupportedRate, "the sample rate is \(format.sampleRate); \(format.encoding) takes \(rates)")
        }
        return try type.init(sampleRate: format.sampleRate)
    }

    /// The names of all codecs, for messages: `L16, OPUS, PCMU`.
    public static var names: String { all.map { $0.encoding.rawValue }.joined(separator: ", ") }
}
