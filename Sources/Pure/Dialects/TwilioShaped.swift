import SidetoneCodecs
import SidetoneModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The family of dialects that Twilio's Media Streams began: text messages of JSON, `connected`, `start`, `media`, `stop`,
/// audio in base64, both tracks on one socket.
///
/// Twilio, SignalWire and MiniVoice's assumed profile are this with small differences, which `Variant` names.
struct TwilioShaped: Sendable {
    struct Variant: Sendable {
        var dialect: String
        /// What `connected` says.
        var version: String
        /// Whether every message carries the stream's id at its top.
        var streamIDOnTop: Bool
        /// Whether `stop` says which call ended.
        var stopNamesCall: Bool
    }

    let variant: Variant
    private var messagesRead = 0
    private var payload: [UInt8] = []

    // The writer's counters.
    private var sequence: Int64 = 0
    private var chunks: [Int64] = [0, 0]
    private var streamID = ""
    private var mediaEnd: [UInt8]
    private var callID = ""
    private var accountID: String?

    init(_ variant: Variant) {
        self.variant = variant
        mediaEnd = MediaText.end(streamID: variant.streamIDOnTop ? "" : nil)
    }

    // MARK: Reading

    mutating func read(_ message: WireMessage, _ emit: (StreamEvent) -> Void) throws(DialectError) {
        messagesRead += 1
        guard message.kind == .text else { throw failure(.malformed, "it is binary; this dialect sends text only") }
        let fields: MessageScanner.Fields
        do {
            fields = try MessageScanner.scan(message.bytes.span, payload: &payload)
        } catch {
            throw failure(.malformed, error.detail)
        }
        switch fields.event {
        case .none: throw failure(.missingField, "'event' is missing")
        case .media: try readMedia(fields, emit)
        case .other: try readOther(message, emit)
        }
    }

    private func readMedia(_ fields: MessageScanner.Fields, _ emit: (StreamEvent) -> Void) throws(DialectError) {
        guard fields.hasMedia else { throw failure(.missingField, "'media' is missing") }
        guard fields.hasPayload else { throw failure(.missingField, "'media.payload' is missing") }
        emit(
            .media(
                MediaPacket(
                    // One-way streams of one track may leave the track out: it is the caller's then.
                    track: fields.track ?? .inbound, sequence: fields.sequence, chunk: fields.chunk,
                    timestampMs: fields.timestampMs, payload: payload)))
    }

    private func readOther(_ message: WireMessage, _ emit: (StreamEvent) -> Void) throws(DialectError) {
        let decoded: TwilioMessage
        do {
            decoded = try JSONDecoder().decode(TwilioMessage.self, from: Data(message.bytes))
        } catch {
            throw failure(.malformed, TwilioMessage.explain(error))
        }
        switch decoded.event {
        case "connected": emit(.connected)
        case "start": emit(.start(try start(decoded)))
        case "stop": emit(.stop)
        case "dtmf":
            guard let digit = decoded.dtmf?.digit.first else { throw failure(.missingField, "'dtmf.digit' is missing") }
            let track = decoded.dtmf?.track.flatMap { TrackRole(rawValue: String($0.prefix { $0 != "_" })) }
            emit(.dtmf(WireDigit(digit: digit, track: track, durationMs: decoded.dtmf?.duration?.value)))
        case "mark":
            guard let name = decoded.mark?.name else { throw failure(.missingField, "'mark.name' is missing") }
            emit(.mark(name: name))
        default: break  // Platforms add events; what is not known is not an error.
        }
    }

    private func start(_ message: TwilioMessage) throws(DialectError) -> StreamStart {
        guard let start = message.start else { throw failure(.missingField, "'start' is missing") }
        guard let callID = start.callSid else { throw failure(.missingField, "'start.callSid' is missing") }
        guard let streamID = start.streamSid ?? message.streamSid else {
            throw failure(.missingField, "'start.streamSid' is missing")
        }
        guard let format = start.mediaFormat else { throw failure(.missingField, "'start.mediaFormat' is missing") }
        guard let codec = CodecCatalog.named(format.encoding) else {
            throw failure(
                .unsupportedEncoding,
                "'start.mediaFormat.encoding' is \"\(Printable.short(format.encoding))\"; this build decodes "
                    + CodecCatalog.names)
        }
        let rate = format.sampleRate?.value ?? 8_000
        guard codec.sampleRates.contains(rate) else {
            throw failure(
                .unsupportedEncoding,
                "'start.mediaFormat.sampleRate' is \(rate); \(codec.encoding) takes "
                    + codec.sampleRates.map(String.init).joined(separator: ", "))
        }
        if let channels = format.channels?.value, channels != 1 {
            throw failure(.unsupportedEncoding, "'start.mediaFormat.channels' is \(channels); each track is mono")
        }
        return StreamStart(
            streamID: streamID, callID: callID, accountID: start.accountSid,
            tracks: (start.tracks ?? []).compactMap { TrackRole(rawValue: $0) },
            format: MediaFormat(encoding: codec.encoding, sampleRate: rate),
            customParameters: start.customParameters ?? [:])
    }

    private func failure(_ code: DialectError.Code, _ detail: String) -> DialectError {
        DialectError(code, dialect: variant.dialect, message: messagesRead, detail: detail)
    }

    // MARK: Writing

    mutating func write(_ event: StreamEvent) throws(DialectError) -> WireMessage {
        switch event {
        case .connected:
            return try encode(TwilioMessage(event: "connected", protocol: "Call", version: variant.version))
        case .start(let start):
            streamID = start.streamID
            mediaEnd = MediaText.end(streamID: variant.streamIDOnTop ? streamID : nil)
            callID = start.callID
            accountID = start.accountID
            var message = numbered("start")
            message.start = TwilioMessage.Start(start)
            return try encode(message)
        case .media(let packet):
            return media(packet)
        case .dtmf(let digit):
            var message = numbered("dtmf")
            message.dtmf = TwilioMessage.Digit(
                track: digit.track.map { "\($0.rawValue)_track" }, digit: String(digit.digit),
                duration: digit.durationMs.map { Lenient(value: $0) })
            return try encode(message)
        case .mark(let name):
            var message = numbered("mark")
            message.mark = TwilioMessage.Mark(name: name)
            return try encode(message)
        case .stop:
            var message = numbered("stop")
            if variant.stopNamesCall { message.stop = TwilioMessage.Stop(accountSid: accountID, callSid: callID) }
            return try encode(message)
        case .reply:
            throw DialectError(
                .unwritable, dialect: variant.dialect, message: Int(sequence), detail: "a reply is not this dialect's")
        }
    }

    private mutating func numbered(_ event: String) -> TwilioMessage {
        sequence += 1
        var message = TwilioMessage(event: event)
        message.sequenceNumber = String(sequence)
        if variant.streamIDOnTop { message.streamSid = streamID }
        return message
    }

    private func encode(_ message: TwilioMessage) throws(DialectError) -> WireMessage {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return WireMessage(kind: .text, bytes: Array(try encoder.encode(message)))
        } catch {
            throw DialectError(
                .unwritable, dialect: variant.dialect, message: Int(sequence), detail: "it cannot be written as JSON")
        }
    }

    /// By hand: a call has a hundred of these a second.
    private mutating func media(_ packet: MediaPacket) -> WireMessage {
        sequence += 1
        chunks[packet.track.index] += 1
        var text: [UInt8] = []
        text.reserveCapacity(200 + packet.payload.count * 4 / 3)
        text += MediaText.sequence
        Decimal.append(packet.sequence ?? sequence, to: &text)
        text += packet.track == .inbound ? MediaText.inbound : MediaText.outbound
        Decimal.append(packet.chunk ?? chunks[packet.track.index], to: &text)
        text += MediaText.timestamp
        Decimal.append(packet.timestampMs ?? 0, to: &text)
        text += MediaText.payload
        Base64.encode(packet.payload, into: &text)
        text += mediaEnd
        return WireMessage(kind: .text, bytes: text)
    }
}
