import SidetoneJSON
import SidetoneModel
import SidetonePipeline

/// The state of all active calls and of the last ended ones. Runs on a separate thread, away from the media.
actor CallStateStore {
    /// Maximum ended calls kept.
    static let endedLimit = 200

    private nonisolated let executor = QueueExecutor(label: "sidetone.monitor")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let showsNumbers: Bool
    private let now: @Sendable () -> Double
    private var streams: [ObjectIdentifier: StreamState] = [:]
    private(set) var active: [String: CallState] = [:]
    /// Ordered by end, oldest first.
    private(set) var ended: [CallState] = []
    private var history: EventHistory
    private var queues: [ObjectIdentifier: EventQueue] = [:]
    /// Streams opened, by dialect.
    private(set) var dialects: [String: Int] = [:]
    /// Signals emitted, by name.
    private(set) var signals: [String: Int] = [:]
    /// Gaps and lost packets of all calls, by track.
    private(set) var gaps = [0, 0]
    private(set) var lostPackets = [0, 0]

    // For the live socket; see CallStateStore+Live.
    var tick: Int64 = 1
    var clients: [ObjectIdentifier: LiveClientState] = [:]
    var changes: [Change] = []
    var activeCallEvents: [NumberedEvent] = []
    /// Returns the names of a stream's files, asked of the sinks that write them.
    var files: @Sendable (StreamInfo) -> [String] = { _ in [] }

    /// A change of a call since the last tick.
    struct Change {
        enum Kind: String { case started = "call_started", changed = "call_changed", ended = "call_ended" }
        let kind: Kind
        let call: CallState
    }

    /// The streams whose rows or samples a client subscribed to.
    nonisolated let subscriptions = SubscriptionIndex()
    /// Ticks of the live socket per second.
    nonisolated let rateHz: Int

    /// - Parameters:
    ///   - historyLimit: signals kept for subscribers that reconnect.
    ///   - rateHz: ticks of the live socket per second, 1…10.
    ///   - now: wall-clock seconds since 1970.
    init(historyLimit: Int, rateHz: Int, showsNumbers: Bool, now: @escaping @Sendable () -> Double) {
        history = EventHistory(limit: historyLimit)
        self.rateHz = rateHz
        self.showsNumbers = showsNumbers
        self.now = now
    }

    func find(_ files: @escaping @Sendable (StreamInfo) -> [String]) { self.files = files }

    // MARK: Outputs of streams

    func process(_ items: [PipelineItem]) {
        for item in items {
            switch item {
            case .stream(let info, let output): process(output, of: info)
            case .log(let entry): call(String(entry.call.prefix(256)))?.add(entry)
            }
        }
    }

    private func process(_ output: StreamOutput, of info: StreamInfo) {
        if case .opened = output { return open(info) }
        guard let stream = streams[ObjectIdentifier(info)], let call = active[stream.call] else { return }
        call.changed = tick
        switch output {
        case .opened: break
        case .track(let track):
            call.open(track.role, of: stream)
            record(.changed, call: call)
        case .step(let step): call.add(step)
        case .rows(let block): call.add(block)
        case .samples(let block): call.add(block)
        case .health(let health):
            let before = call.meters[health.track.index]?.health?.lostPackets ?? 0
            lostPackets[health.track.index] += max(0, health.lostPackets - before)
            call.add(health)
        case .signal(let signal): process(signal, of: stream, call: call)
        case .ended(let summary): end(stream, call: call, summary: summary)
        case .message: break
        }
    }

    private func open(_ info: StreamInfo) {
        let stream = StreamState(info)
        streams[ObjectIdentifier(info)] = stream
        dialects[info.dialect, default: 0] += 1
        let id = CallState.id(info)
        if let call = active[id] {
            call.begin(stream)
            record(.changed, call: call)
        } else {
            let index = ended.lastIndex { $0.id == id }
            let call = index.map { ended.remove(at: $0) } ?? CallState(info)
            call.begin(stream)
            active[id] = call
            record(.started, call: call)
        }
        active[id]?.changed = tick
    }

    private func process(_ signal: Signal, of stream: StreamState, call: CallState) {
        stream.signals += 1
        signals[signal.name, default: 0] += 1
        if signal.name == "media.gap", let track = signal.track { gaps[track.index] += 1 }
        let event = NumberedEvent(
            number: history.last + 1, event: CloudEvent(signal, of: stream.info, number: stream.signals))
        history.append(event)
        if call.add(event) { record(.changed, call: call) }
        for queue in queues.values where queue.filter.accepts(event.event) {
            queue.offer(number: event.number, json: event.json)
        }
        if !clients.isEmpty, Alert.concerns(signal) || signal.name == "stream" && signal.phase == .ended {
            activeCallEvents.append(event)
        }
    }

    private func end(_ stream: StreamState, call: CallState, summary: StreamSummary) {
        streams[ObjectIdentifier(stream.info)] = nil
        guard call.end(stream, summary: summary, at: now()) else { return record(.changed, call: call) }
        active[call.id] = nil
        ended.append(call)
        if ended.count > Self.endedLimit { ended.removeFirst() }
        record(.ended, call: call)
    }

    private func record(_ kind: Change.Kind, call: CallState) {
        guard !clients.isEmpty else { return }
        if kind == .changed, changes.contains(where: { $0.call === call && $0.kind != .ended }) { return }
        changes.append(Change(kind: kind, call: call))
    }

    // MARK: Queries

    /// A call by its id, active or ended.
    func call(_ id: String) -> CallState? { active[id] ?? ended.last { $0.id == id } }

    /// Calls as JSON, newest first.
    ///
    /// - Parameters:
    ///   - before: only calls that started earlier; calls with the same start are ordered by id.
    func list(_ state: CallQuery.State, before: PageMark?, limit: Int) -> [ListedCall] {
        var calls: [CallState] = []
        if state != .ended { calls += active.values }
        if state != .active { calls += ended }
        if let before { calls = calls.filter { before.isAfter($0.startedAt, id: $0.id) } }
        calls.sort { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) }
        return calls.prefix(limit).map { call in
            ListedCall(id: call.id, startedAt: call.startedAt, json: json(of: call))
        }
    }

    func json(of call: CallState, withFiles: Bool = true) -> [UInt8] {
        var json = JSONWriter()
        let names = withFiles ? files(of: call) : []
        call.write(to: &json, showsNumbers: showsNumbers, files: names)
        return json.bytes
    }

    private func files(of call: CallState) -> [String] {
        var names: [String] = []
        for stream in call.streams {
            for name in files(stream.info) where !names.contains(name) { names.append(name) }
        }
        return names.sorted()
    }

    func json(ofCall id: String) -> [UInt8]? { call(id).map { json(of: $0) } }

    /// The streams of a call; nil if the call is unknown.
    func streams(ofCall id: String) -> [StreamInfo]? { call(id)?.streams.map(\.info) }

    /// The number of open streams per dialect.
    var openDialects: [String: Int] {
        streams.values.reduce(into: [:]) { $0[$1.info.dialect, default: 0] += 1 }
    }

    // MARK: Subscribers of events

    /// Adds a subscriber, which first receives the signals it missed.
    ///
    /// - Parameter last: the number of the last signal it received; nil for none.
    func subscribe(_ filter: EventFilter, after last: Int64?) -> EventQueue {
        var first: [EventQueue.Item] = []
        if let last {
            if last > history.last {
                // Its number is from an earlier run.
                first.append(.gap(1...max(1, history.last), reason: "restart"))
            } else if last + 1 < history.first {
                first.append(.gap((last + 1)...(history.first - 1), reason: "history"))
            }
            for event in history.events(after: last > history.last ? 0 : last) where filter.accepts(event.event) {
                first.append(.event(number: event.number, json: event.json))
            }
        }
        let queue = EventQueue(filter, first: first)
        queues[ObjectIdentifier(queue)] = queue
        return queue
    }

    func unsubscribe(_ queue: EventQueue) { queues[ObjectIdentifier(queue)] = nil }

    func pingSubscribers() { for queue in queues.values { queue.ping() } }

    func closeSubscribers() { for queue in queues.values { queue.close() } }
}

/// A call of a list, with the cursor of the next page.
struct ListedCall: Sendable {
    let id: String
    let startedAt: Double
    let json: [UInt8]
}

/// The position at which a page of calls ended.
struct PageMark: Sendable, Hashable {
    let startedAt: Double
    let id: String

    /// Whether a call belongs to a later page.
    func isAfter(_ startedAt: Double, id: String) -> Bool { (startedAt, id) < (self.startedAt, self.id) }
}
