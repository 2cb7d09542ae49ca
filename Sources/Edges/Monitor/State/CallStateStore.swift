import SidetoneJSON
import SidetoneModel
import SidetonePipeline

/// What is known of all calls now, and of the last ones that ended. Works on a thread of its own, away from the media.
actor CallStateStore {
    /// Calls that are over and still kept.
    static let endedLimit = 200

    private nonisolated let executor = QueueExecutor(label: "sidetone.monitor")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let showsNumbers: Bool
    private let now: @Sendable () -> Double
    private var streams: [ObjectIdentifier: StreamState] = [:]
    private(set) var active: [String: CallState] = [:]
    /// The oldest end first.
    private(set) var ended: [CallState] = []
    private var history: EventHistory
    private var queues: [ObjectIdentifier: EventQueue] = [:]
    /// Streams that were opened, by dialect.
    private(set) var dialects: [String: Int] = [:]
    /// Signals that were told, by name.
    private(set) var signals: [String: Int] = [:]
    /// Gaps and lost packets of all calls, by track.
    private(set) var gaps = [0, 0]
    private(set) var lostPackets = [0, 0]

    // For the live socket; see CallStateStore+Live.
    var turn: Int64 = 1
    var readers: [ObjectIdentifier: LiveClientState] = [:]
    var changes: [Change] = []
    var activeCallEvents: [NumberedEvent] = []
    /// The names of a stream's files, by the sinks that write them.
    var files: @Sendable (StreamInfo) -> [String] = { _ in [] }

    /// What became of a call since the last turn.
    struct Change {
        enum Kind: String { case started = "call_started", changed = "call_changed", ended = "call_ended" }
        let kind: Kind
        let call: CallState
    }

    /// Which streams' rows and samples somebody looks at.
    nonisolated let attention = SubscriptionIndex()
    /// Turns of the live socket a second.
    nonisolated let rateHz: Int

    /// - Parameters:
    ///   - historyLimit: signals that are kept for subscribers who return.
    ///   - rateHz: turns of the live socket a second, 1…10.
    ///   - now: wall-clock seconds since 1970.
    init(historyLimit: Int, rateHz: Int, showsNumbers: Bool, now: @escaping @Sendable () -> Double) {
        history = EventHistory(limit: historyLimit)
        self.rateHz = rateHz
        self.showsNumbers = showsNumbers
        self.now = now
    }

    func find(_ files: @escaping @Sendable (StreamInfo) -> [String]) { self.files = files }

    // MARK: What comes from the streams

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
        call.changed = turn
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
        active[id]?.changed = turn
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
        if !readers.isEmpty, Alert.concerns(signal) || signal.name == "stream" && signal.phase == .ended {
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
        guard !readers.isEmpty else { return }
        if kind == .changed, changes.contains(where: { $0.call === call && $0.kind != .ended }) { return }
        changes.append(Change(kind: kind, call: call))
    }

    // MARK: What is asked

    /// A call by its id, running or over.
    func call(_ id: String) -> CallState? { active[id] ?? ended.last { $0.id == id } }

    /// Calls as JSON, the newest first.
    ///
    /// - Parameters:
    ///   - before: only those that began before; calls of one moment are told apart by their ids.
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

    /// The streams of a call; nil when the call is not known.
    func streams(ofCall id: String) -> [StreamInfo]? { call(id)?.streams.map(\.info) }

    /// How many streams of each dialect are open.
    var openDialects: [String: Int] {
        streams.values.reduce(into: [:]) { $0[$1.info.dialect, default: 0] += 1 }
    }

    // MARK: Subscribers of events

    /// Takes a subscriber; it is told first what it missed.
    ///
    /// - Parameter last: the number of the last signal that it knows; nil for none.
    func subscribe(_ filter: EventFilter, after last: Int64?) -> EventQueue {
        var first: [EventQueue.Item] = []
        if let last {
            if last > history.last {
                // It knows the numbers of an earlier run.
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

/// A call of a list, with what the next page begins after.
struct ListedCall: Sendable {
    let id: String
    let startedAt: Double
    let json: [UInt8]
}

/// Where a page of calls ended.
struct PageMark: Sendable, Hashable {
    let startedAt: Double
    let id: String

    /// Whether a call comes on a later page.
    func isAfter(_ startedAt: Double, id: String) -> Bool { (startedAt, id) < (self.startedAt, self.id) }
}
