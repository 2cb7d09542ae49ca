public import SidetoneModel

/// MiniVoice streams (doc.minivoice.eu). The wire format is not public: this is the **assumed** profile `twilio_json`,
/// messages as Twilio sends them. Never guessed from an opening, because it looks like Twilio's.
public struct MiniVoice: Dialect {
    public static let name = "minivoice"
    public static let summary = "MiniVoice streams; the wire format is not public, Twilio-shaped JSON is assumed"

    private var shape = TwilioShaped(
        .init(dialect: name, version: "1.0.0", streamIDOnTop: true, stopNamesCall: true))

    public init() {}

    public mutating func read(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        try shape.read(message, emit: emit)
    }

    public mutating func write(_ event: StreamEvent) throws(DialectError) -> WireMessage { try shape.write(event) }

    public static func recognizes(_ opening: Opening) -> Recognition { .no }
}
