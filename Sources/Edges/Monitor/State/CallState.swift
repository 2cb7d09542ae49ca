import SidetoneModel
import SidetonePipeline

/// The state of an active or ended call, as shown by the monitor.
final class CallState {
    /// Maximum signals, alerts and log entries kept per call; the oldest are removed first.
    static let eventLimit = 5_000
    static let alertLimit = 100
    static let logLimit = 1_000
    static let latencyLimit = 200
    static let streamLimit = 64

    let id: String
    /// Wall-clock times, seconds since 1970.
    let startedAt: Double
    private let startedUptime: Double
    private(set) var endedAt: Double?
    private(set) var from: String?
    private(set) var to: String?
    private(set) var streams: [StreamState] = []
    private(set) var meters: [TrackMeter?] = [nil, nil]
    private(set) var alerts: [Alert] = []
    private(set) var events: [NumberedEvent] = []
    private(set) var log: [CallLogEntry] = []
    private(set) var interruptions = [0, 0]
    private var latencies: [[Double]] = [[], []]
    private var overtalk = 0.0
    private var overtalkStart: Double?
    /// The tick in which it last changed.
    var changed: Int64 = 0
    /// The parts that clients subscribed to, and the updates for them since the last tick.
    var watch: SubscriptionOptions = []
    var updates = PendingUpdates()

    init(_ stream: StreamInfo) {
        id = Self.id(stream)
        startedAt = stream.startedAt
        startedUptime = stream.startedUptime
    }

    /// The call's id, truncated: it is untrusted.
    static func id(_ stream: StreamInfo) -> String { String(stream.start.callID.prefix(256)) }

    var isActive: Bool { endedAt == nil }

    func begin(_ stream: StreamState) {
        endedAt = nil
        streams.append(stream)
        if streams.count > Self.streamLimit { streams.removeFirst() }
        let parameters = stream.info.start.customParameters
        for (name, value) in parameters { adopt(name, number: value) }
    }

    /// - Returns: whether this ends the call.
    func end(_ stream: StreamState, summary: StreamSummary, at time: Double) -> Bool {
        stream.summary = summary
        guard streams.allSatisfy({ $0.summary != nil }) else { return false }
        endedAt = time
        for index in alerts.indices where alerts[index].end == nil { alerts[index].end = seconds }
        return true
    }

    func open(_ role: TrackRole, of stream: StreamState) {
        let offset = offset(of: stream)
        if meters[role.index] == nil {
            meters[role.index] = TrackMeter(offsetSeconds: offset)
        } else {
            meters[role.index]?.goOn(offsetSeconds: offset)
        }
    }

    func add(_ step: OverviewSample) { meters[step.track.index]?.add(step) }
    func add(_ block: RowBlock) { if watch.contains(.rows) { updates.add(block) } }
    func add(_ block: SampleBlock) { if watch.contains(.spectrum) { updates.add(block) } }

    func add(_ health: TrackHealth) { meters[health.track.index]?.health = health }

    func add(_ entry: CallLogEntry) {
        log.append(entry)
        if log.count > Self.logLimit { log.removeFirst() }
        if watch.contains(.log) { updates.add(entry) }
        for case let value in entry.values {
            if case .text(let text) = value.value { adopt(value.name, number: text) }
        }
    }

    private func adopt(_ name: String, number: String) {
        switch name.lowercased() {
        case "from": from = from ?? String(number.prefix(128))
        case "to": to = to ?? String(number.prefix(128))
        default: break
        }
    }

    /// - Returns: whether a part of the call changed that is not sent with every tick.
    func add(_ event: NumberedEvent) -> Bool {
        events.append(event)
        if events.count > Self.eventLimit { events.removeFirst(Self.eventLimit / 10) }
        if watch.contains(.call) { updates.add(event) }
        let signal = event.event.signal
        count(signal)
        return record(signal)
    }

    private func count(_ signal: Signal) {
        guard let track = signal.track else {
            guard signal.name == "overtalk" else { return }
            overtalkStart = signal.phase == .started ? signal.start : nil
            if signal.phase == .ended { overtalk += (signal.end ?? signal.start) - signal.start }
            return
        }
        switch signal.name {
        case "media.gap": meters[track.index]?.countGap()
        case "interruption": interruptions[track.index] += 1
        case "response.latency":
            for case let entry in signal.values where entry.name == "latency_s" {
                guard case .number(let seconds) = entry.value else { continue }
                latencies[track.index].append(seconds * 1_000)
                if latencies[track.index].count > Self.latencyLimit { latencies[track.index].removeFirst() }
            }
        case "clipping": meters[track.index]?.isClipped = signal.phase == .started
        case "level_low": meters[track.index]?.isLow = signal.phase == .started
        case "media.stalled": meters[track.index]?.isStalled = signal.phase == .started
        case "one_way_audio": meters[track.index]?.isDead = signal.phase == .started
        default: break
        }
    }

    private func record(_ signal: Signal) -> Bool {
        if signal.phase == .ended {
            guard let index = alerts.firstIndex(where: { $0.matches(signal) }) else { return false }
            alerts[index].end = signal.end ?? signal.start
            return true
        }
        guard let alert = Alert(signal) else { return false }
        if let index = alerts.firstIndex(where: { $0.matches(signal) }) {
            // Reported again: it has become worse.
            alerts[index].severity = alert.severity
        } else {
            alerts.append(alert)
            if alerts.count > Self.alertLimit { alerts.removeFirst() }
        }
        return true
    }

    // MARK: What is shown

    /// The span of the longer track on the call clock.
    var seconds: Double { endSeconds ?? max(meters[0]?.seconds ?? 0, meters[1]?.seconds ?? 0) }

    /// The start of a stream on the clock of the call's first stream, in seconds, by the monotonic clock.
    private func offset(of stream: StreamState) -> Double {
        max(0, stream.info.startedUptime - startedUptime)
    }

    /// Exact once all streams have ended; for an active call it follows from its steps.
    private var endSeconds: Double? {
        guard endedAt != nil else { return nil }
        let ends = streams.map { offset(of: $0) + ($0.summary?.seconds ?? 0) }
        return ends.max()
    }

    var openAlerts: Int { alerts.count { $0.end == nil } }
    var isOnHold: Bool { alerts.contains { $0.type == "hold_suspected" && $0.end == nil } }

    func isSpeaking(_ role: TrackRole) -> Bool { isActive && meters[role.index]?.newest?.speech == true }

    var speaking: String {
        switch (isSpeaking(.inbound), isSpeaking(.outbound)) {
        case (true, true): "both"
        case (true, false): "inbound"
        case (false, true): "outbound"
        case (false, false): "none"
        }
    }

    /// Seconds since anyone last spoke.
    var silence: Double {
        guard isActive, speaking == "none" else { return 0 }
        let newest = Double(meters.map { $0?.course.end ?? 0 }.max() ?? 0) * Double(TrackOverview.stepMs) / 1_000
        let last = max(meters[0]?.lastSpeech ?? 0, meters[1]?.lastSpeech ?? 0)
        return max(0, newest - last)
    }

    var overtalkSeconds: Double { overtalk + (overtalkStart.map { max(0, seconds - $0) } ?? 0) }

    /// A side's share of all speech; nil before any.
    func talkShare(_ role: TrackRole) -> Double? {
        let speechSteps = meters[role.index]?.speechSteps ?? 0
        let all = speechSteps + (meters[role.other.index]?.speechSteps ?? 0)
        return all > 0 ? Double(speechSteps) / Double(all) : nil
    }

    /// The median response latency of a side in milliseconds; nil before the first response.
    func responseLatency(_ role: TrackRole) -> Double? {
        let sorted = latencies[role.index].sorted()
        guard !sorted.isEmpty else { return nil }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
