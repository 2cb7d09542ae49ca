import SidetonePipeline
import Synchronization

/// The queue of signals for one subscriber. Bounded: when it is full, the newest are dropped and their numbers reported as a gap.
final class EventQueue: Sendable {
    static let limit = 1_000

    /// What is sent to the subscriber.
    enum Item: Sendable {
        case event(number: Int64, json: [UInt8])
        /// Dropped signals: those in this range of numbers that pass the subscriber's filter.
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
    private let wakeSignal = WakeSignal()

    /// - Parameter first: items sent before any new signal.
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

    /// Requests a keep-alive, so that the connection stays open and its end is detected.
    func ping() { wake { $0.isPinged = true } }

    /// Ends the queue.
    func close() { wake { $0.isClosed = true } }

    private func wake(_ change: (inout State) -> Void) {
        state.withLock { change(&$0) }
        wakeSignal.signal()
    }

    /// Returns all queued items, or an empty list for a keep-alive; waits while there are none. Nil once the queue has ended.
    ///
    /// For one consumer.
    func next() async -> [Item]? {
        while true {
            let (items, isClosed) = state.withLock { state -> ([Item]?, Bool) in
                var items = state.items
                if let missed = state.missed { items.append(.gap(missed, reason: "slow")) }
                let hasItems = !items.isEmpty || state.isPinged
                state.items = []
                state.missed = nil
                state.isPinged = false
                return (hasItems ? items : nil, state.isClosed)
            }
            if let items { return items }
            if isClosed || Task.isCancelled { return nil }
            await wakeSignal.wait()
        }
    }

    /// Records that a write begins or is complete.
    func write(isUnderWay: Bool) { state.withLock { $0.blocked = isUnderWay ? .now : nil } }

    /// The duration of the current write.
    func blocked(at now: ContinuousClock.Instant) -> Duration {
        state.withLock { $0.blocked.map { now - $0 } ?? .zero }
    }
}
