import SidetoneCodecs
public import SidetoneModel

/// Twilio Media Streams: www.twilio.com/docs/voice/media-streams/websocket-messages.
public struct Twilio: Platform {
    public static let name = "twilio"
    public static let title = "Twilio"
    public static let summary = "Twilio Media Streams, as documented"

    public static let profile = DialectProfile(
        audio: .base64, channels: .named, formats: [MediaFormat(encoding: .pcmu, sampleRate: 8_000)],
        carries: [
            .sequence, .chunk, .timestamp, .greeting, .mark, .digits, .digitTrack, .streamID, .accountID,
        ], end: .message)

    public static let upgradeSignature: UpgradeSignature? = .urlHMAC

    public static let webhooks: WebhookProfile? = WebhookProfile(
        payload: .callbacks, signature: .urlAndFields,
        key: .init(name: "token", plural: "Auth tokens", signs: "callback"), acceptsGET: true,
        summary: "Path for Twilio's status callbacks: POST with a form or JSON, or GET.")

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

    public static func recognizes(_ opening: Opening) -> Recognition {
        if opening.headers["x-twilio-signature"] != nil { return .sure }
        let text = TwilioOpening(opening)
        if text.startHasStreamIDOnTop == true { return text.hasTwilioIDs ? .sure : .maybe }
        return text.version?.hasPrefix("1.") == true && text.isCall ? .maybe : .no
    }

    public static let probeCallPrefix = "CA\(IdentifierSource.probeMark)"

    public static func identifiers(from source: inout IdentifierSource) -> CallIdentifiers {
        let prefix = source.isProbe ? probeCallPrefix : "CA"
        let call = prefix + source.hex(34 - prefix.count)
        let account = "AC\(source.hex(32))"
        let stream = "MZ\(source.hex(28))"
        return CallIdentifiers(call: call, account: account) {
            stream + PaddedNumber.text($0, radix: 16, width: 4)
        }
    }
}
