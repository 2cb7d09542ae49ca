import SidetonePipeline
import Synchronization

/// The signals that wait for one subscriber. Bounded: when it is full the newest are left out, and their numbers told.
final class EventQueue: Sendable {
    static let limit = 1_000

    /// What the subscriber is told next.
    enum Item: Sendable {
        case event(number: Int64, json: [UInt8])
        /// Signals that are not told: those of the numbers that the subscriber wants.
        case gap(ClosedRange<Int64>, reason: String)
    }

    private struct State {
        var items: [Item] = []
        var missed: ClosedRange<Int64>?
        var isPinged = false
        var isClosed = false
        var blocked: ContinuousClock.Instant?
    }

    let filter: EventFilter
    private let state: Mutex<State>
    private let news = WakeSignal()

    /// - Parameter first: what the subscriber is told before anything new.
    init(_ filter: EventFilter, first: [Item]) {
        self.filter = filter
        state = Mutex(State(items: first))
    }

    func offer(number: Int64, json: [UInt8]) {
        wake { state in
            guard state.items.count < Self.limit else {
                state.missed = (state.missed?.lowerBound ?? number)...number
                return
            }
            state.items.append(.event(number: number, json: json))
        }
    }

    /// Asks for a sign of life, so that the connection stays open and its end is noticed.
    func ping() { wake { $0.isPinged = true } }

    /// Nothing more comes.
    func close() { wake { $0.isClosed = true } }

    private func wake(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
        news.signal()
    }

    /// Takes what waits, empty for a sign of life; waits while there is nothing. Nil when nothing more comes.
    ///
    /// For one consumer.
    func next() async -> [Item]? {
        while true {
            let (items, isClosed) = state.withLock { state -> ([Item]?, Bool) in
                var items = state.items
                if let missed = state.missed { items.append(.gap(missed, reason: "slow")) }
                let hasNews = !items.isEmpty || state.isPinged
                state.items = []
                state.missed = nil
                state.isPinged = false
                return (hasNews ? items : nil, state.isClosed)
            }
            if let items { return items }
            if isClosed || Task.isCancelled { return nil }
            await news.wait()
        }
    }

    /// Notes that a write begins or is done.
    func write(isUnderWay: Bool) { state.withLock { $0.blocked = isUnderWay ? .now : nil } }

    /// How long the write that is under way has taken.
    func blocked(at now: ContinuousClock.Instant) -> Duration {
        state.withLock { $0.blocked.map { now - $0 } ?? .zero }
    }
}
