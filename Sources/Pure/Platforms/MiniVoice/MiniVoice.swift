import SidetoneCallControl
public import SidetoneModel

/// MiniVoice streams (doc.minivoice.eu). The wire format is not public: this is the **assumed** profile `twilio_json`,
/// messages as Twilio sends them. Never guessed from an opening, because it looks like Twilio's.
public struct MiniVoice: Platform {
    public static let name = "minivoice"
    public static let title = "MiniVoice"
    public static let summary = "MiniVoice streams; the wire format is not public, Twilio-shaped JSON is assumed"

    public static let profile = DialectProfile(
        audio: .base64, channels: .named, formats: nil,
        carries: [
            .sequence, .chunk, .timestamp, .greeting, .mark, .digits, .digitTrack, .streamID, .accountID,
        ], end: .message)

    public static let settings = [
        DialectSetting(
            "profile", standard: "twilio_json", words: ["twilio_json"],
            summary: "What MiniVoice is assumed to send: its wire format is not public.")
    ]

    public static let webhooks: WebhookProfile? = WebhookProfile(
        payload: .events, signature: .timeAndBody,
        key: .init(name: "secret", plural: "Webhook secrets", signs: "webhook"), acceptsGET: false,
        summary: "Path for MiniVoice's webhooks: POST, JSON.")

    public static let documents = DocumentProfile(language: .actions)

    private var shape = TwilioShaped(
        .init(dialect: name, version: "1.0.0", streamIDOnTop: true, stopNamesCall: true))

    public init(opening: Opening, settings: DialectSettings) {}

    public mutating func read(
        _ message: WireMessage, arrival: Duration, emit: (StreamEvent) -> Void
    ) throws(DialectError) {
        try shape.read(message, emit: emit)
    }

    public mutating func write(_ event: StreamEvent, emit: (WireMessage) -> Void) throws(DialectError) {
        emit(try shape.write(event))
    }

    public static func recognizes(_ opening: Opening) -> Recognition { .no }

    public static let probeCallPrefix = "call_doctor-"

    /// As the platform's samples show them: UTC and nine digits.
    public static func identifiers(from source: inout IdentifierSource) -> CallIdentifiers {
        if source.isProbe {
            let call = "\(probeCallPrefix)\(source.hex(12))"
            let stream = "stream_doctor-\(source.hex(12))"
            return CallIdentifiers(call: call, account: "app_doctor") {
                $0 == 1 ? stream : stream + PaddedNumber.text($0, radix: 10, width: 3)
            }
        }
        let time = source.time
        let call = "call_\(time).\(source.decimal(9))"
        let account = "app_\(time).\(source.decimal(9))"
        let stream = "stream_\(time).\(source.decimal(6))"
        return CallIdentifiers(call: call, account: account) {
            stream + PaddedNumber.text($0, radix: 10, width: 3)
        }
    }
}
