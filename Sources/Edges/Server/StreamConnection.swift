import Logging
import NIOCore
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms
import SidetoneSignatures
import SidetoneWebSocket

/// Feeds the messages of one connection into its stream. Runs on the event loop of the connection.
final class StreamConnection: WebSocketReceiver {
    private let settings: WebSocketSourceSettings
    private let stream: StreamSettings
    private let fanout: SinkFanout
    private let naming: StreamNaming
    private let slot: StreamSlot
    /// The only call whose stream may start here; nil for any.
    private let expectedCall: CallToken.CallDigest?
    private let opening: Opening
    private let warnings: WarningBudget
    private let logger: Logger

    private var governor: MediaGovernor
    private(set) var pausedUntil: NIODeadline?
    private var connection: WebSocketConnection?
    private var ingest: StreamDecoder?
    private var openedAt = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var isOver = false
    /// Whether everything is emitted, and the stream's place free again.
    private var isReleased = false
    /// Whether the log has said that the stream is held back.
    private var isHeldBack = false

    init(
        settings: WebSocketSourceSettings, stream: StreamSettings, fanout: SinkFanout, naming: StreamNaming,
        admitted: UpgradeAdmission.Admitted, opening: Opening, warnings: WarningBudget, logger: Logger
    ) {
        self.settings = settings
        self.stream = stream
        self.fanout = fanout
        self.naming = naming
        slot = admitted.slot
        expectedCall = settings.callTokens == "any_call" ? nil : admitted.call
        governor = MediaGovernor(
            maxLeadS: settings.maxLeadS > 0 ? settings.maxLeadS : nil,
            events: RateLimit(perSecond: Double(settings.maxEventsPerS), burst: Double(settings.maxEventsPerS) * 10))
        self.warnings = warnings
        self.opening = opening
        self.logger = logger
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        openedAt = .now()
        slot.status.add(self, on: connection.eventLoop)
        let (stream, fanout, naming, logger) = (stream, fanout, naming, logger)
        let executor = connection.eventLoop.executor
        let (status, openedAt) = (slot.status, openedAt)
        let timing = SignalTiming(now: { Double((NIODeadline.now() - openedAt).nanoseconds) / 1e9 }) {
            status.record($0, seconds: $1)
        }
        ingest = StreamDecoder(
            settings: .init(
                dialect: settings.dialect, l16BigEndian: settings.l16ByteOrder == "big",
                dialects: settings.dialectSettings),
            opening: opening, logger: logger,
            admits: { [expectedCall] start in expectedCall?.matches(call: start.callID) ?? true },
            makeIngest: { dialect, segment in
                StreamIngest(
                    dialect: dialect, settings: stream, fanout: fanout, naming: naming, timing: timing,
                    segment: segment, executor: executor, logger: logger)
            },
            reply: { connection.send($0) })
        watch()
    }

    /// Checks the clock periodically, because missing media triggers no message.
    private func watch() {
        guard !isOver, let connection, let ingest else { return }
        let now = Double((NIODeadline.now() - openedAt).nanoseconds) / 1e9
        if let why = ingest.overdue(now: now) { return abandon(why, closeCode: 1_008) }
        // A stream of this socket that is over has its turn here where no message gives it one.
        let isEnding = ingest.continueEnd()
        let due = isEnding ? now : ingest.tick(now: now) ?? now + Self.patience
        let wait = TimeAmount.nanoseconds(Int64(max(0.01, due - now) * 1e9))
        let bound = NIOLoopBound(self, eventLoop: connection.eventLoop)
        timer = connection.eventLoop.scheduleTask(in: wait) { bound.value.watch() }
    }

    /// Seconds between checks before the stream starts.
    private static let patience = 0.5

    func received(_ message: WireMessage, readAt: NIODeadline) {
        pausedUntil = nil
        guard !isOver, let ingest else { return }
        let startedAt = NIODeadline.now()
        let (refused, packets) = (ingest.refused, ingest.packets)
        let verdict = ingest.receive(message, arrival: max(0, Double((readAt - openedAt).nanoseconds) / 1e9))
        if ingest.refused > refused, let code = ingest.lastRefusal { slot.status.count(refusal: code.rawValue) }
        switch verdict {
        case .goOn:
            let now = NIODeadline.now()
            slot.status.count(latency: (now - readAt).nanoseconds)
            govern(hasMedia: ingest.packets > packets, ingest: ingest, at: now)
            // Once the server is to stop, nothing new comes, and time is short.
            guard ingest.isFilling, !isOver, !slot.status.isDraining else { break }
            _ = ingest.continueEnd()
            pausedUntil = max(pausedUntil ?? now, MediaGovernor.resumption(startedAt: startedAt, now: .now()))
        case .stopped:
            slot.status.countLastMessage()
            finish(.stop)
            connection?.close()
        case .broken(let why, let code):
            slot.status.countLastMessage()
            abandon(why, closeCode: code)
        }
    }

    private func govern(hasMedia: Bool, ingest: StreamDecoder, at now: NIODeadline) {
        switch governor.verdict(hasMedia: hasMedia, position: hasMedia ? ingest.mediaSeconds : 0, now: now) {
        case .goOn: break
        case .wait(let until):
            pausedUntil = until
            slot.status.count(\.heldBack)
            guard !isHeldBack else { break }
            isHeldBack = true
            log("stream.held_back", values: [.init("max_lead_s", .number(settings.maxLeadS))])
        case .tooManyEvents:
            abandon("more than \(settings.maxEventsPerS) messages per second without media", closeCode: 1_008)
        }
    }

    private func abandon(_ why: String, closeCode code: Int) {
        warnings.log("Stream aborted", metadata: ["reason": "\(why)", "code": "\(code)"])
        log("stream.broken", values: [.init("close_code", .integer(Int64(code))), .init("detail", .text(why))])
        finish(.violation)
        connection?.close(code: code, reason: why)
    }

    func dropped(bytes: Int) {
        slot.status.countDropped(bytes: bytes)
        log("media.dropped", values: [.init("bytes", .integer(Int64(bytes)))])
    }

    func ended(_ end: WebSocketEnd) {
        switch end {
        case .closed, .local: finish(.closed)
        case .reset: finish(.reset)
        case .timeout: finish(.timeout)
        case .violation: finish(.violation)
        }
    }

    /// Ends the stream from this side, at once.
    func cut() {
        ingest?.farewell(.shutdown)
        finish(.shutdown)
        while ingest?.continueEnd() == true {}
        release(.shutdown)
        connection?.close(code: 1_001, reason: "the receiver is shutting down")
    }

    private func finish(_ reason: EndReason) {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        timer = nil
        ingest?.beginEnd(reason)
        complete(reason)
    }

    /// Emits what the end of a stream within a long gap leaves, part by part: the loop has other streams.
    private func complete(_ reason: EndReason) {
        guard !isReleased else { return }
        let startedAt = NIODeadline.now()
        guard let connection, ingest?.continueEnd() == true else { return release(reason) }
        let bound = NIOLoopBound(self, eventLoop: connection.eventLoop)
        connection.eventLoop.scheduleTask(deadline: MediaGovernor.resumption(startedAt: startedAt, now: .now())) {
            bound.value.complete(reason)
        }
    }

    /// Everything of the stream is emitted.
    private func release(_ reason: EndReason) {
        guard !isReleased else { return }
        isReleased = true
        if ingest?.end(reason) == nil {
            log(
                "stream.unstarted",
                values: [
                    .init("reason", .text(reason.rawValue)), .init("messages", .integer(Int64(ingest?.messages ?? 0))),
                ])
        }
        slot.status.remove(self)
        slot.release()
    }

    /// Writes a line of the receiver log, without call id before the stream starts.
    private func log(_ event: String, values: [Signal.Entry]) {
        guard fanout.kinds.contains(.logs) else { return }
        var entry = CallLogEntry(
            time: naming.now(), log: .receiver, call: ingest?.callID ?? "", event: event, values: values)
        entry.uptime = Uptime.reading
        fanout.enqueue(.log(entry))
    }
}
