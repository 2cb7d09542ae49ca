import SidetoneCallControl
import SidetoneCodecs
public import SidetoneModel

/// SignalWire streams: signalwire.com/docs, cXML `<Stream>`. The SWML page does not repeat the messages; they are assumed
/// to be the same.
public struct SignalWire: Platform {
    public static let name = "signalwire"
    public static let title = "SignalWire"
    public static let summary = "SignalWire streams, as documented for cXML; assumed to be the same for SWML"

    public static let profile = DialectProfile(
        audio: .base64, channels: .named, formats: allFormats,
        carries: [
            .sequence, .chunk, .timestamp, .greeting, .mark, .digits, .digitDuration, .streamID, .accountID,
        ], end: .message)

    /// cXML names PCMU and L16, SWML also PCMA and OPUS, at rates of the document's choice.
    private static let allFormats: [MediaFormat] =
        [MediaFormat(encoding: .pcmu, sampleRate: 8_000), MediaFormat(encoding: .pcma, sampleRate: 8_000)]
        + L16.sampleRates.map { MediaFormat(encoding: .l16, sampleRate: $0) }
        + Opus.sampleRates.map { MediaFormat(encoding: .opus, sampleRate: $0) }

    public static let webhooks: WebhookProfile? = WebhookProfile(
        payload: .streamStates, signature: .urlAndBody,
        key: .init(name: "key", plural: "Signing keys", signs: "event"), isSignatureDocumented: false,
        acceptsGET: true, summary: "Path for SignalWire's status events: POST with JSON or a form, or GET.")

    private var shape = TwilioShaped(
        .init(dialect: name, version: "0.2.0", streamIDOnTop: false, stopNamesCall: false))

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
        let text = TwilioOpening(opening)
        if text.startHasStreamIDOnTop == false { return .sure }
        return text.version?.hasPrefix("0.2") == true && text.isCall ? .maybe : .no
    }

    public static let probeCallPrefix = IdentifierSource.probeUUIDPrefix

    public static func identifiers(from source: inout IdentifierSource) -> CallIdentifiers {
        let call = source.callUUID()
        let account = source.uuid()
        let stream = source.uuid()
        return CallIdentifiers(call: call, account: account) {
            PaddedNumber.text($0, radix: 16, width: 4) + stream.dropFirst(4)
        }
    }
}
