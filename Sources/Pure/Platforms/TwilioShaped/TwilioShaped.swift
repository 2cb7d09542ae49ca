import SidetoneModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The family of dialects based on Twilio's Media Streams: text messages of JSON, `connected`, `start`, `media`,
/// `stop`, audio in base64, both tracks on one socket.
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
    /// Counters that were reported as unreadable.
    private var reported: MessageScanner.Keys = []

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

    mutating func read(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        messagesRead += 1
        guard message.kind == .text else {
            throw failure(.malformed, detail: "it is binary; this dialect sends text only")
        }
        let fields: MessageScanner.Fields
        do {
            fields = try MessageScanner.scan(message.bytes.span, payload: &payload)
        } catch {
            throw failure(.malformed, detail: error.detail)
        }
        switch fields.event {
        case .media: try readMedia(fields, emit: emit)
        case .connected: emit(.connected)
        case .start: try readStart(message, emit: emit)
        case .stop: emit(.stop)
        case .dtmf: try readDigits(message, emit: emit)
        case .mark:
            guard
                let name = TextMembers.text(
                    of: "name", inside: "mark", in: message.bytes.span, limit: Self.maxNameBytes)
            else { throw failure(.missingField, detail: "'mark.name' is missing") }
            emit(.mark(name: name))
        case .unknown: break  // Platforms add events; what is not known is not an error.
        case nil: throw failure(.missingField, detail: "'event' is missing")
        }
    }

    /// Bytes of a mark's name; a longer one is cut.
    private static let maxNameBytes = 256

    private mutating func readMedia(
        _ fields: MessageScanner.Fields, emit: (StreamEvent) -> Void
    ) throws(DialectError) {
        guard fields.keys.contains(.media) else { throw failure(.missingField, detail: "'media' is missing") }
        if let problem = fields.mediaProblem { throw failure(.malformed, detail: problem) }
        guard fields.keys.contains(.payload) else { throw failure(.missingField, detail: "'media.payload' is missing") }
        emit(
            .media(
                MediaPacket(
                    // One-way streams of one track may leave the track out: it is the caller's then.
                    track: fields.track ?? .inbound, sequence: fields.sequence, chunk: fields.chunk,
                    timestampMs: fields.timestampMs, payload: payload)))
        // Once per stream and counter: a platform that writes one oddly does so in every message.
        let news = fields.unreadable.subtracting(reported)
        guard !news.isEmpty else { return }
        reported.formUnion(news)
        for (key, name) in Self.counterNames where news.contains(key) {
            remark("'\(name)' is not a whole number from 0 up; packets are heard without it", emit: emit)
        }
    }

    private static let counterNames: [(MessageScanner.Keys, String)] = [
        (.sequence, "sequenceNumber"), (.chunk, "media.chunk"), (.timestamp, "media.timestamp"),
    ]

    private func readStart(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        let start: StartMessage
        let event: StreamStart
        do throws(StartMessage.Failure) {
            start = try StartMessage(message.bytes.span)
            event = try start.streamStart()
        } catch {
            var failure = failure(error.code, detail: error.detail)
            failure.isOfStart = true
            throw failure
        }
        emit(.start(event))
        for text in start.remarks { remark(text, emit: emit) }
    }

    private func readDigits(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError) {
        let digits: DigitMessage
        do throws(StartMessage.Failure) {
            digits = try DigitMessage(message.bytes.span)
        } catch {
            throw failure(error.code, detail: error.detail)
        }
        for digit in digits.digits { emit(.dtmf(digit)) }
        for text in digits.remarks { remark(text, emit: emit) }
    }

    private func remark(_ text: String, emit: (StreamEvent) -> Void) {
        emit(.remark("\(variant.dialect) message \(messagesRead): \(text)"))
    }

    private func failure(_ code: DialectError.Code, detail: String) -> DialectError {
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
                duration: digit.durationMs)
            return try encode(message)
        case .mark(let name):
            var message = numbered("mark")
            message.mark = TwilioMessage.Mark(name: name)
            return try encode(message)
        case .stop:
            var message = numbered("stop")
            if variant.stopNamesCall { message.stop = TwilioMessage.Stop(accountSid: accountID, callSid: callID) }
            return try encode(message)
        case .paused, .resumed, .discarded, .reply, .remark:
            throw DialectError(
                .unwritable, dialect: variant.dialect, message: Int(sequence),
                detail: "this dialect has no message for it")
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
