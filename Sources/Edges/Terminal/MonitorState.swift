/// The state of the calls and of the view: decided here, drawn by the screens.
struct MonitorState: Sendable {
    /// The command of a key.
    enum Key: Sendable { case up, down, choose, back, quit }
    enum Connection: Sendable, Hashable {
        case connecting, open
        case lost(String)
    }
    /// A request to the monitor.
    enum Request: Sendable, Hashable {
        case watch(String)
        case unwatch(String)
        case quit
    }

    /// Steps kept per track: two minutes at ten per second.
    static let steps = 1_200
    static let signalLimit = 200

    struct Step: Sendable, Hashable {
        var level = -96.0
        var speech = false
    }

    var connection = Connection.connecting
    var version = ""
    private(set) var status: LiveStatus?
    private(set) var calls: [String: LiveCall] = [:]
    /// The selected call of the list.
    private(set) var chosen: String?
    /// The call that is shown; nil shows the list of active calls.
    private(set) var watched: String?
    private(set) var signals: [LiveSignal] = []
    private(set) var lanes: [String: [Step]] = [:]
    /// Gaps reported by the server because this client was slow.
    private(set) var gaps = 0
    /// Messages that could not be decoded, for example of another version.
    var unreadable = 0

    init(watching call: String? = nil) { watched = call }

    /// Active calls, longest first.
    var list: [LiveCall] {
        calls.values.filter { $0.state == "active" }.sorted { ($0.seconds, $1.id) > ($1.seconds, $0.id) }
    }

    /// The call that is shown, once it is known.
    var call: LiveCall? { watched.flatMap { calls[$0] } }

    mutating func handle(_ message: LiveMessage) {
        switch message {
        case .hello(let version):
            self.version = version
            connection = .open
        case .activeCalls(let status, let calls):
            self.status = status
            let kept = watched.flatMap { self.calls[$0] }
            self.calls = Dictionary(calls.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            if let kept, self.calls[kept.id] == nil { self.calls[kept.id] = kept }
        case .status(let status): self.status = status
        case .levels(let levels): for level in levels { handle(level) }
        case .call(let call): calls[call.id] = call
        case .ended(let call): calls[call.id] = call.id == watched ? call : nil
        case .signal(let signal): handle(signal)
        case .timeline(let values): if values.id == watched { handle(values) }
        case .gap: gaps += 1
        case .other: break
        }
        if let chosen, calls[chosen]?.state != "active" { self.chosen = nil }
    }

    /// - Returns: requests to perform.
    mutating func handle(_ key: Key) -> [Request] {
        let list = list
        let index = list.firstIndex { $0.id == chosen } ?? -1
        switch key {
        case .up where watched == nil && !list.isEmpty: chosen = list[max(0, index - 1)].id
        case .down where watched == nil && !list.isEmpty: chosen = list[min(list.count - 1, index + 1)].id
        case .choose where watched == nil:
            guard let call = chosen ?? list.first?.id else { return [] }
            watched = call
            chosen = call
            signals = []
            lanes = [:]
            return [.watch(call)]
        case .back:
            guard let call = watched else { return [.quit] }
            watched = nil
            return [.unwatch(call)]
        case .quit: return [.quit]
        default: break
        }
        return []
    }

    private mutating func handle(_ levels: LiveLevels) {
        guard var call = calls[levels.id] else { return }
        call.duration_s = levels.seconds
        call.speaking = levels.speaking
        call.silence_s = levels.silence
        call.tracks?["inbound"]?.level_dbfs = levels.inbound
        call.tracks?["inbound"]?.speech = levels.inboundSpeech
        call.tracks?["outbound"]?.level_dbfs = levels.outbound
        call.tracks?["outbound"]?.speech = levels.outboundSpeech
        calls[levels.id] = call
    }

    private mutating func handle(_ signal: LiveSignal) {
        guard watched == nil || signal.subject == watched else { return }
        signals.append(signal)
        if signals.count > Self.signalLimit { signals.removeFirst(signals.count - Self.signalLimit) }
    }

    private mutating func handle(_ values: LiveTimeline) {
        var lane = lanes[values.track] ?? []
        for (level, speech) in zip(values.level_dbfs, values.speech) {
            lane.append(Step(level: level ?? -96, speech: speech == 1))
        }
        if lane.count > Self.steps { lane.removeFirst(lane.count - Self.steps) }
        lanes[values.track] = lane
    }
}
