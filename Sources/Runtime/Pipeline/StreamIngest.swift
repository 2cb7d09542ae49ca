package import Logging
import SidetoneAnalysis
import SidetoneCodecs
package import SidetoneModel
import SidetoneTracks

/// Processes one stream from its first message to its end, however it ends.
///
/// Both tracks and the call's signals are values inside it. It runs on one executor: live the event loop of the
/// connection, offline a queue of the input's own. Entered by `assumeIsolated` from there.
package actor StreamIngest {
    /// The maximum bytes of packets, and separately of messages to be captured, kept until the stream's start; the
    /// deadline of the start limits their age.
    static let pendingBytesLimit = 256 * 1_024
    /// The bytes charged for a stored packet or message besides its payload.
    static let pendingOverhead = 128
    /// Refused and odd messages of one stream that its log and its summary report one by one; the rest are counted.
    static let loggedRefusals = 20

    private nonisolated let executor: any SerialExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let dialect: String
    private let segment: Int
    /// Whether a sink needs the messages as received.
    nonisolated let keepsMessages: Bool
    private let settings: StreamSettings
    private let fanout: SinkFanout
    private let naming: StreamNaming
    private let timing: SignalTiming?
    private let logger: Logger

    private var stream: StreamInfo?
    /// From the stream's start to its end.
    private var pipeline: StreamPipeline?
    private var pending: [(packet: MediaPacket, arrival: Double?)] = []
    private var pendingBytes = 0
    private var pendingMessages: [CapturedMessage] = []
    private var pendingMessageBytes = 0
    private var refusedMessages = 0
    /// What was odd or refused, in sentences: at most `loggedRefusals`.
    private var remarks: [String] = []
    private var stalls: StallDetector?
    /// The latest known time of the receiver's clock, in seconds.
    private var now = 0.0
    private var isEnded = false
    /// Why and when the stream ended, until all of it is emitted.
    private var ending: (reason: EndReason, at: Double)?
    /// What is known of the stream, once it is over.
    package private(set) var summary: StreamSummary?

    /// - Parameters:
    ///   - timing: measures the reporting delay of the stream's signals; nil if it is not measured.
    ///   - segment: the number of the stream on its socket, from 1.
    package init(
        dialect: String, settings: StreamSettings, fanout: SinkFanout, naming: StreamNaming,
        timing: SignalTiming? = nil, segment: Int = 1,
        executor: any SerialExecutor, logger: Logger
    ) {
        self.executor = executor
        self.dialect = dialect
        self.segment = segment
        self.settings = settings
        self.fanout = fanout
        keepsMessages = fanout.kinds.contains(.messages)
        self.naming = naming
        self.timing = timing
        self.logger = logger
    }

    /// The stream's start, once it has arrived.
    package var info: StreamInfo? { stream }

    /// Processes an event of the stream.
    ///
    /// - Parameter arrival: the arrival time of its message, in seconds on the clock of `timing`.
    /// - Throws: when the stream cannot be processed at all: `CodecError`, `AnalysisError`.
    package func accept(_ event: StreamEvent, arrival: Double? = nil) throws {
        guard !isEnded else { return }
        if let arrival { tick(now: arrival) }
        switch event {
        case .media(let packet): try accept(packet, arrival: arrival)
        case .start(let start): try open(start, arrival: arrival)
        case .dtmf(let digit): report(digit)
        case .mark(let name):
            logger.debug("Mark received", metadata: ["mark": "\(name.prefix(64))"])
        case .remark(let text): report(remark: text)
        case .paused: log("stream.paused", values: [])
        case .resumed: log("stream.resumed", values: [])
        case .discarded(let duration):
            log("stream.discarded", values: [.init("seconds", .number(duration / .seconds(1)))])
        case .stop: beginEnd(.stop, at: arrival)
        case .connected, .reply: break
        }
    }

    /// Checks the clock and reports missing media.
    ///
    /// - Parameter now: in seconds on the clock of `timing`, or of the messages' arrivals.
    /// - Returns: the latest time of the next check; nil before the stream's start, and once it has ended.
    @discardableResult
    package func tick(now: Double) -> Double? {
        self.now = max(self.now, now)
        guard !isEnded, let stalls else { return nil }
        guard now >= stalls.due else { return stalls.due }
        for signal in self.stalls?.check(at: now, position: { seconds(of: $0) }) ?? [] {
            pipeline?.call.report(signal)
        }
        return self.stalls?.due
    }

    /// The position of the stream's media, in seconds on the call clock: that of the track furthest ahead.
    package var mediaSeconds: Double { max(seconds(of: .inbound), seconds(of: .outbound)) }

    private func seconds(of role: TrackRole) -> Double { pipeline?.seconds(of: role) ?? 0 }

    /// Stores a message for the capture, if a sink needs it.
    package func capture(_ message: CapturedMessage) {
        guard keepsMessages, !isEnded else { return }
        guard let stream else {
            let bytes = message.message.bytes.count + Self.pendingOverhead
            guard pendingMessageBytes + bytes <= Self.pendingBytesLimit else { return }
            pendingMessageBytes += bytes
            pendingMessages.append(message)
            return
        }
        fanout.enqueue(PipelineItem.stream(stream, .message(message)))
    }

    /// Counts an unreadable message.
    ///
    /// - Parameter why: logged in the call's log, a limited number of times per stream; nil: only counted.
    package func refuse(_ why: String? = nil) {
        refusedMessages += 1
        guard let why, remarks.count < Self.loggedRefusals else { return }
        remarks.append(why)
        log("message.refused", values: [.init("detail", .text(why))])
    }

    /// Logs an irregularity of a message that was read anyway. Limited like refusals.
    private func report(remark text: String) {
        guard remarks.count < Self.loggedRefusals else { return }
        remarks.append(text)
        log("message.odd", values: [.init("detail", .text(text))])
        logger.notice("Odd message", metadata: ["detail": "\(text)"])
    }

    /// Writes an entry to the call's receiver log; the call is unknown before its start.
    package func log(_ event: String, values: [Signal.Entry]) {
        guard fanout.kinds.contains(.logs) else { return }
        let stream = stream?.start
        var entry = CallLogEntry(
            time: naming.now(), log: .receiver, call: stream?.callID ?? "", event: event,
            values: (stream.map { [.init("stream", .text($0.streamID))] } ?? []) + values)
        entry.uptime = naming.uptime()
        fanout.enqueue(.log(entry))
    }

    // MARK: The end

    /// Rows of both tracks so far; 0 once the stream is over.
    var rowCount: Int64 { pipeline?.rowCount ?? 0 }

    /// Whether a long gap is on its way, or an end that is not complete.
    package var isFilling: Bool { pipeline?.isFilling == true || ending != nil }

    /// The stream is over, and everything of it is emitted at once. Safe to call more than once: the first reason stands.
    ///
    /// - Parameter time: the arrival time of the message that ends it, on the clock of `timing`; nil if there is none.
    /// - Returns: the summary; nil when the stream never started.
    @discardableResult
    package func end(_ reason: EndReason, at time: Double? = nil) -> StreamSummary? {
        beginEnd(reason, at: time)
        while continueEnd() {}
        return summary
    }

    /// The stream is over: accepts nothing more, and emits the first part of what is held back, which is nearly always all.
    /// A stream that ends within a long gap takes more parts; see `continueEnd`.
    package func beginEnd(_ reason: EndReason, at time: Double? = nil) {
        guard !isEnded else { return }
        isEnded = true
        guard stream != nil else { return }
        let endedAt = time ?? timing?.now() ?? now
        for signal in stalls?.finish(at: endedAt) ?? [] { pipeline?.call.report(signal) }
        stalls = nil
        ending = (reason, endedAt)
        continueEnd()
    }

    /// Emits the next part of what is held back, so that no end of a stream keeps an event loop busy for long.
    ///
    /// - Returns: whether there is more.
    @discardableResult
    package func continueEnd() -> Bool {
        guard let stream, let ending else { return false }
        guard let tracks = pipeline?.finishNext() else { return true }
        let summary = StreamSummary(
            reason: ending.reason, tracks: tracks, refusedMessages: refusedMessages, remarks: remarks,
            totals: pipeline?.call.totals, endedAt: ending.at)
        fanout.reportLosses(of: stream)
        pipeline?.call.emit(
            .signal(
                Signal(
                    "stream", .ended, start: 0, end: summary.seconds,
                    values: [
                        .init("stream", .text(stream.start.streamID)), .init("dialect", .text(dialect)),
                        .init("reason", .text(summary.reason.rawValue)),
                    ])))
        fanout.enqueue(PipelineItem.stream(stream, .ended(summary)))
        logEnd(summary)
        logger.info(
            "Stream ended",
            metadata: ["reason": "\(summary.reason.rawValue)", "refused": "\(refusedMessages)"])
        pipeline = nil
        self.ending = nil
        self.summary = summary
        return false
    }

    private func logEnd(_ summary: StreamSummary) {
        var values: [Signal.Entry] = [
            .init("reason", .text(summary.reason.rawValue)), .init("seconds", .number(summary.seconds)),
            .init("refused_messages", .integer(Int64(summary.refusedMessages))),
        ]
        for track in summary.tracks {
            let role = track.role.rawValue
            values += [
                .init("\(role)_packets", .integer(Int64(track.counters.packets))),
                .init("\(role)_gaps", .integer(Int64(track.counters.gaps))),
            ]
        }
        log("stream.ended", values: values)
    }

    private func open(_ start: StreamStart, arrival: Double?) throws {
        guard stream == nil else {
            // A second start on a socket creates a second ingest; see `StreamDecoder`.
            refusedMessages += 1
            return
        }
        let stream = naming.info(for: start, dialect: dialect, segment: segment)
        self.stream = stream
        pipeline = StreamPipeline(stream: stream, settings: settings, fanout: fanout, timing: timing)
        if let arrival {
            let limit = Double(settings.analysis.signals.options(MediaOptions.self).stalledMs) / 1_000
            stalls = StallDetector(limit: limit, announced: start.tracks, opened: arrival)
        }
        pipeline?.call.emit(.opened)
        pipeline?.call.emit(
            .signal(
                Signal(
                    "stream", .started, start: 0,
                    values: [
                        .init("stream", .text(start.streamID)), .init("dialect", .text(dialect)),
                        .init("codec", .text(start.format.encoding.rawValue)),
                        .init("sample_rate_hz", .integer(Int64(start.format.sampleRate))),
                        .init("detector", .text(detector(start.format))),
                    ])))
        log(
            "stream.opened",
            values: [
                .init("dialect", .text(dialect)), .init("codec", .text(start.format.encoding.rawValue)),
                .init("sample_rate_hz", .integer(Int64(start.format.sampleRate))),
                .init("tracks", .text(start.tracks.map(\.rawValue).joined(separator: ", "))),
            ] + (settings.expectsWebhooks ? [.init("webhooks", .flag(true))] : []))
        logger.info("Stream started", metadata: ["dialect": "\(dialect)"])
        for message in pendingMessages { capture(message) }
        pendingMessages = []
        for (packet, arrival) in pending { try accept(packet, arrival: arrival) }
        pending = []
    }

    /// The name of the speech detector selected for this stream.
    private func detector(_ format: MediaFormat) -> String {
        let grid = settings.analysis.grid(sampleRate: format.sampleRate)
        return (try? settings.analysis.detect.detector(on: grid).name) ?? settings.analysis.detect.vad
    }

    private func accept(_ packet: MediaPacket, arrival: Double?) throws {
        guard stream != nil else {
            // Media before `start` is kept for a while: some platforms send it under load.
            let bytes = packet.payload.count + Self.pendingOverhead
            if pendingBytes + bytes <= Self.pendingBytesLimit {
                pendingBytes += bytes
                pending.append((packet, arrival))
            } else {
                refusedMessages += 1
            }
            return
        }
        if let arrival, let ended = stalls?.record(packet.track, at: arrival) { pipeline?.call.report(ended) }
        let isFirst = pipeline?.isHeard[packet.track] == false
        if isFirst { log("media.first", values: [.init("track", .text(packet.track.rawValue))]) }
        let suspicion = try pipeline?.accept(packet, arrival: arrival)
        if let suspicion { report(suspicion, role: packet.track, until: seconds(of: packet.track)) }
    }

    /// Reports a suspected wrong codec to all sinks and logs, because it invalidates all measurements of the track.
    private func report(_ suspicion: CodecCheck.Suspicion, role: TrackRole, until seconds: Double) {
        let values: [Signal.Entry] = [
            .init("announced", .text(suspicion.announced.rawValue)),
            .init("sounds_like", .text(suspicion.soundsLike.rawValue)),
            .init("advantage_db", .number(suspicion.advantageDB)),
        ]
        pipeline?.call.emit(
            .signal(
                Signal("media.wrong_codec_suspected", .moment, track: role, start: 0, end: seconds, values: values)))
        log("codec.suspected", values: [.init("track", .text(role.rawValue))] + values)
        logger.warning(
            "Wrong codec suspected",
            metadata: [
                "announced": "\(suspicion.announced.rawValue)", "sounds_like": "\(suspicion.soundsLike.rawValue)",
                "track": "\(role.rawValue)",
            ])
    }

    /// Reports a digit detected by the platform.
    private func report(_ digit: WireDigit) {
        let seconds = max(seconds(of: .inbound), seconds(of: .outbound))
        pipeline?.call.report(digit, at: seconds)
    }
}
