import SidetoneCallControl
import SidetoneCodecs
public import SidetoneModel

/// Vonage Voice WebSockets: developer.vonage.com/voice/voice-api/concepts/websockets.
///
/// One text message opens the stream, then each binary message is 20 ms of L16, little-endian, in which both sides of the
/// call are mixed: single legs are not available. There are no numbers and no timestamps, so packets are placed by arrival.
/// The stream ends when the platform closes the connection.
public struct Vonage: Platform {
    public static let name = "vonage"
    public static let title = "Vonage"
    public static let summary =
        "Vonage Voice WebSockets: binary L16; both sides are mixed into one track, the inbound one"

    public static let profile = DialectProfile(
        audio: .binary, channels: .mixed,
        formats: [8_000, 16_000, 24_000].map { MediaFormat(encoding: .l16, sampleRate: $0) },
        carries: [.digits, .digitDuration], end: .close)

    private static let callIDHeader = DialectSetting(
        "call_id_header", standard: "call_id",
        summary:
            "The key of the NCCO's headers that holds the id of the call; the platform sends none of its own. Without "
            + "it, every connection is a call.")
    public static let settings = [callIDHeader]

    private let callIDKey: String
    private let connectionID: String
    private var messagesRead = 0
    private var packets: Int64 = 0
    /// Audio so far.
    private var bytes: Int64 = 0
    /// Once the stream has started.
    private var bytesPerSecond: Int64?
    private var timeline = ArrivalTimeline()

    public init(opening: Opening, settings: DialectSettings) {
        callIDKey = settings[Self.callIDHeader]
        connectionID = opening.connectionID
    }

    public static func recognizes(_ opening: Opening) -> Recognition {
        let isOwn = opening.messages.contains { message in
            message.kind == .text
                && TextMembers.text(of: "event", in: message.bytes.span, limit: 64) == VonageMessage.connected
        }
        return isOwn ? .sure : .no
    }

    // MARK: Reading

    public mutating func read(
        _ message: WireMessage, arrival: Duration, emit: (StreamEvent) -> Void
    ) throws(DialectError) {
        messagesRead += 1
        guard message.kind == .text else { return readAudio(message, arrival: arrival, emit: emit) }
        let text: VonageMessage
        do throws(JSONScan.Failure) { text = try VonageMessage(message.bytes.span) } catch {
            throw failure(.malformed, detail: error.detail)
        }
        switch text.event {
        case VonageMessage.connected: try readStart(text, emit: emit)
        case VonageMessage.digit: try readDigits(message, emit: emit)
        case nil: throw failure(.missingField, detail: "'event' is missing")
        default: break  // Platforms add events; an unknown one is not an error.
        }
    }

    private mutating func readAudio(_ message: WireMessage, arrival: Duration, emit: (StreamEvent) -> Void) {
        // RFC 6455 allows empty messages.
        guard !message.bytes.isEmpty else { return }
        packets += 1
        let timestampMs = bytesPerSecond.map { timeline.position(mediaMs: bytes * 1_000 / $0, arrival: arrival) }
        bytes += Int64(message.bytes.count)
        emit(
            .media(
                MediaPacket(
                    track: .inbound, sequence: nil, chunk: packets, timestampMs: timestampMs, payload: message.bytes)))
    }

    private mutating func readStart(_ text: VonageMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        var failed: DialectError?
        do throws(StartMessage.Failure) {
            let format = try text.format()
            // A second stream of the connection begins at its own zero.
            if bytesPerSecond != nil { (packets, bytes, timeline) = (0, 0, ArrivalTimeline()) }
            bytesPerSecond = Int64(format.sampleRate) * 2
            let callID = text.headers[callIDKey].map { StartMessage.bounded($0) }
            let connection = connectionID.isEmpty ? callID ?? Self.name : connectionID
            emit(
                .start(
                    StreamStart(
                        streamID: connection, callID: callID ?? connection, tracks: Self.profile.channels.tracks,
                        format: format, customParameters: text.headers.filter { $0.key != callIDKey })))
        } catch {
            failed = failure(error.code, detail: error.detail)
            failed?.isOfStart = true
        }
        if let failed { throw failed }
        if text.omittedHeaders > 0 {
            emit(
                .remark(
                    "\(Self.name) message \(messagesRead): \(text.omittedHeaders) headers left out; names and values have "
                        + "at most \(StartMessage.maxParameterBytes) bytes together, of UTF-8"))
        }
    }

    private func readDigits(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        let digits: DigitMessage
        do throws(StartMessage.Failure) {
            digits = try DigitMessage(members: message.bytes.span)
        } catch {
            throw failure(error.code, detail: error.detail)
        }
        for digit in digits.digits { emit(.dtmf(digit)) }
        for text in digits.remarks { emit(.remark("\(Self.name) message \(messagesRead): \(text)")) }
    }

    private func failure(_ code: DialectError.Code, detail: String) -> DialectError {
        DialectError(code, dialect: Self.name, message: messagesRead, detail: detail)
    }

    // MARK: Writing

    public mutating func write(_ event: StreamEvent, emit: (WireMessage) -> Void) throws(DialectError) {
        switch event {
        case .start(let start): emit(.text(VonageMessage.start(start, callIDKey: callIDKey)))
        case .media(let packet): emit(WireMessage(kind: .binary, bytes: packet.payload))
        case .dtmf(let digit): emit(.text(VonageMessage.text(of: digit)))
        case .connected, .stop: break  // The first message is the start, and the close is the end.
        case .mark, .paused, .resumed, .discarded, .reply, .remark:
            throw failure(.unwritable, detail: "this dialect has no message for it")
        }
    }

    public static let probeCallPrefix = IdentifierSource.probeUUIDPrefix

    public static func identifiers(from source: inout IdentifierSource) -> CallIdentifiers {
        let call = source.callUUID()
        let stream = source.uuid()
        return CallIdentifiers(call: call) { PaddedNumber.text($0, radix: 16, width: 4) + stream.dropFirst(4) }
    }
}
