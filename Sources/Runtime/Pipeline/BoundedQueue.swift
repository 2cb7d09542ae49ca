import Synchronization

/// A bounded queue from many producers that never wait to one consumer that does.
///
/// When it is full, the newest is refused and counted. What must not be lost is put in by `enqueueUnbounded`: the producer sees to it
/// that there is a bounded number of those.
public final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        /// When the oldest of them came.
        var since: ContinuousClock.Instant?
        var refused = 0
        var refusedInAll = 0
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
        /// When the consumer gathers until: in step with the clock, however long it works in between.
        var due: ContinuousClock.Instant?
    }

    /// What a consumer takes at once.
    public struct Batch: Sendable {
        public var items: [Element]
        /// How many were refused since the last batch.
        public var refused: Int
    }

    public let limit: Int
    private let state = Mutex(State())

    public init(limit: Int) {
        precondition(limit > 0, "a queue holds at least one element")
        self.limit = limit
    }

    /// Puts an element in, unless the queue is full or closed.
    ///
    /// - Returns: whether it was taken.
    @discardableResult
    public func enqueue(_ element: Element) -> Bool { put(element, upTo: limit) }

    /// Puts an element in even when the queue is full.
    public func enqueueUnbounded(_ element: Element) { _ = put(element, upTo: .max) }

    private func put(_ element: Element, upTo limit: Int) -> Bool {
        let (taken, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard !state.isClosed, state.items.count < limit else {
                state.refused += 1
                state.refusedInAll += 1
                return (false, nil)
            }
            if state.items.isEmpty { state.since = .now }
            state.items.append(element)
            let waiter = state.waiter
            state.waiter = nil
            return (true, waiter)
        }
        waiter?.resume()
        return taken
    }

    /// Nothing more is taken; what is in can still be had.
    public func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            let waiter = state.waiter
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// How many wait now.
    public var count: Int { state.withLock { $0.items.count } }
    /// How long the oldest has waited; zero when nothing waits.
    public var age: Duration {
        state.withLock { state in state.items.isEmpty ? .zero : state.since.map { .now - $0 } ?? .zero }
    }
    /// How many were refused in all.
    public var refused: Int { state.withLock { $0.refusedInAll } }

    /// Takes everything that waits; nil when there is nothing.
    public func take() -> Batch? {
        state.withLock { state in
            guard !state.items.isEmpty else { return nil }
            let batch = Batch(items: state.items, refused: state.refused)
            state.items = []
            state.items.reserveCapacity(min(batch.items.count, 64))
            state.refused = 0
            return batch
        }
    }

    /// Lets elements gather for an interval, then takes them; sooner when a quarter of the room is taken or the queue is
    /// closed. Producers wake nobody meanwhile.
    ///
    /// - Parameter interval: zero to be woken by the first element.
    /// - Returns: nil once the queue is closed and empty.
    public func nextBatch(every interval: Duration) async -> Batch? {
        guard interval > .zero else { return await nextBatch() }
        let look = max(interval / 5, min(interval, .milliseconds(50)))
        while !Task.isCancelled {
            let due = nextDue(interval)
            while ContinuousClock.now < due, !state.withLock({ $0.isClosed || $0.items.count >= limit / 4 }) {
                do {
                    try await Task.sleep(until: min(.now + look, due), tolerance: .zero, clock: .continuous)
                } catch { break }
            }
            if let batch = take() { return batch }
            if state.withLock({ $0.isClosed && $0.items.isEmpty }) { return nil }
        }
        return await nextBatch()
    }

    private func nextDue(_ interval: Duration) -> ContinuousClock.Instant {
        state.withLock { state in
            let now = ContinuousClock.now
            // Never further than an interval: taken early, because much came, it begins anew.
            let due = min(now + interval, state.due.map { max($0 + interval, now) } ?? now + interval)
            state.due = due
            return due
        }
    }

    /// Takes everything that waits, and waits when there is nothing; nil once the queue is closed and empty.
    ///
    /// For one consumer.
    public func nextBatch() async -> Batch? {
        while true {
            if let batch = take() { return batch }
            if state.withLock({ $0.isClosed && $0.items.isEmpty }) { return nil }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.items.isEmpty, !state.isClosed else { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }
}
