import SidetoneCodecs
public import SidetoneModel

/// Twilio Media Streams: www.twilio.com/docs/voice/media-streams/websocket-messages.
public struct Twilio: Dialect {
    public static let name = "twilio"
    public static let summary = "Twilio Media Streams, as documented"

    public static let formats: [MediaFormat]? = [MediaFormat(encoding: .pcmu, sampleRate: 8_000)]

    private var shape = TwilioShaped(
        .init(dialect: name, version: "1.0.0", streamIDOnTop: true, stopNamesCall: true))

    public init() {}

    public mutating func read(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        try shape.read(message, emit: emit)
    }

    public mutating func write(_ event: StreamEvent) throws(DialectError) -> WireMessage { try shape.write(event) }

    public static func recognizes(_ opening: Opening) -> Recognition {
        if opening.headers["x-twilio-signature"] != nil { return .sure }
        let text = TwilioOpening(opening)
        if text.startHasStreamIDOnTop == true { return text.hasTwilioIDs ? .sure : .maybe }
        return text.version?.hasPrefix("1.") == true && text.isCall ? .maybe : .no
    }
}
