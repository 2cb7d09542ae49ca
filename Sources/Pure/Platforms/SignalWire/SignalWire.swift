import SidetoneCodecs
public import SidetoneModel

/// SignalWire streams: signalwire.com/docs, cXML `<Stream>`. The SWML page does not repeat the messages; they are assumed
/// to be the same.
public struct SignalWire: Dialect {
    public static let name = "signalwire"
    public static let summary = "SignalWire streams, as documented for cXML; assumed to be the same for SWML"

    /// cXML names PCMU and L16, SWML also PCMA and OPUS, at rates of the document's choice.
    public static let formats: [MediaFormat]? =
        [MediaFormat(encoding: .pcmu, sampleRate: 8_000), MediaFormat(encoding: .pcma, sampleRate: 8_000)]
        + L16.sampleRates.map { MediaFormat(encoding: .l16, sampleRate: $0) }
        + Opus.sampleRates.map { MediaFormat(encoding: .opus, sampleRate: $0) }

    private var shape = TwilioShaped(
        .init(dialect: name, version: "0.2.0", streamIDOnTop: false, stopNamesCall: false))

    public init() {}

    public mutating func read(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        try shape.read(message, emit: emit)
    }

    public mutating func write(_ event: StreamEvent) throws(DialectError) -> WireMessage { try shape.write(event) }

    public static func recognizes(_ opening: Opening) -> Recognition {
        let text = TwilioOpening(opening)
        if text.startHasStreamIDOnTop == false { return .sure }
        return text.version?.hasPrefix("0.2") == true && text.isCall ? .maybe : .no
    }
}
