import Synchronization

/// A bounded queue from many producers, which never wait, to one consumer, which does.
///
/// What exceeds a limit is refused and counted. Elements that must not be lost go in by `enqueueExempt`: the producer
/// bounds their number.
package final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        /// When the oldest of them was enqueued.
        var since: ContinuousClock.Instant?
        var bytes = 0
        /// Bytes that owners hold beyond their shares.
        var reserved = 0
        /// Bytes of each owner.
        var owned: [UInt: Int] = [:]
        /// Elements that are exempt from the limits.
        var exempt = 0
        var refused = 0
        var totalRefused = 0
        var isClosed = false
        /// Whether the consumer should not wait any longer for more.
        var isPressed = false
        /// The end of the current interval of a consumer that collects: in step with the clock, however long it works in
        /// between.
        var due: ContinuousClock.Instant?
    }

    /// What a consumer takes at once.
    package struct Batch: Sendable {
        package var items: [Element]
        /// How many were refused since the last batch.
        package var refused: Int
    }

    package let limits: QueueLimits
    private let state = Mutex(State())
    private let wake = WakeSignal()

    /// Bounded by the number of elements alone.
    package convenience init(limit: Int) { self.init(QueueLimits(elements: limit)) }

    package init(_ limits: QueueLimits) {
        precondition(limits.elements > 0 && limits.bytes > 0 && limits.share > 0, "a queue holds at least one element")
        self.limits = limits
    }

    /// Elements that may wait.
    package var limit: Int { limits.elements }

    /// Enqueues an element, unless it exceeds a limit or the queue is closed.
    ///
    /// - Parameters:
    ///   - bytes: what it costs.
    ///   - owner: whose share it uses.
    /// - Returns: whether it was enqueued.
    @discardableResult
    package func enqueue(_ element: Element, bytes: Int = 0, owner: UInt = 0) -> Bool {
        let (isEnqueued, wasEmpty) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed, state.items.count < limits.elements, state.bytes + bytes <= limits.bytes,
                hold(bytes, owner: owner, state: &state)
            else { return (refuse(&state), false) }
            return (true, append(element, state: &state))
        }
        if wasEmpty { wake.signal() }
        return isEnqueued
    }

    /// Enqueues an element whatever waits already: the producer bounds the number of such elements.
    ///
    /// - Parameter opensOwner: whether it is the first of a new owner, which is refused while too many exempt elements wait.
    /// - Returns: whether it was enqueued; only a closed queue and a new owner are refused.
    @discardableResult
    package func enqueueExempt(_ element: Element, opensOwner: Bool = false) -> Bool {
        let (isEnqueued, wasEmpty) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed, !opensOwner || state.exempt < limits.exempt else { return (refuse(&state), false) }
            state.exempt += 1
            return (true, append(element, state: &state))
        }
        if wasEmpty { wake.signal() }
        return isEnqueued
    }

    /// Counts an element that the producer did not even try to enqueue.
    func countRefused() { state.withLock { _ = refuse(&$0) } }

    private func refuse(_ state: inout State) -> Bool {
        state.refused += 1
        state.totalRefused += 1
        return false
    }

    /// Charges bytes to an owner's share, and beyond it to the reserve.
    ///
    /// - Returns: false when neither has room.
    private func hold(_ bytes: Int, owner: UInt, state: inout State) -> Bool {
        guard limits.share < .max else {
            state.bytes += bytes
            if state.items.count + 1 >= limits.elements / 4 { state.isPressed = true }
            return true
        }
        let before = state.owned[owner] ?? 0
        let after = before + bytes
        let beyond = max(0, after - limits.share) - max(0, before - limits.share)
        guard beyond == 0 || (after <= limits.ownerBytes && state.reserved + beyond <= limits.reserve) else {
            return false
        }
        state.owned[owner] = after
        state.reserved += beyond
        state.bytes += bytes
        if after >= limits.share / 2 || state.bytes >= limits.bytes / 4 { state.isPressed = true }
        return true
    }

    /// - Returns: whether the queue was empty.
    private func append(_ element: Element, state: inout State) -> Bool {
        let wasEmpty = state.items.isEmpty
        if wasEmpty { state.since = .now }
        state.items.append(element)
        return wasEmpty
    }

    /// Nothing more is enqueued; what waits can still be taken.
    package func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
    }

    package var isClosed: Bool { state.withLock { $0.isClosed } }
    /// Elements that wait now.
    package var count: Int { state.withLock { $0.items.count } }
    /// Bytes that wait now.
    package var bytes: Int { state.withLock { $0.bytes } }
    /// How long the oldest has waited; zero when nothing waits.
    package var age: Duration {
        state.withLock { state in state.items.isEmpty ? .zero : state.since.map { .now - $0 } ?? .zero }
    }
    /// Elements refused in all.
    package var refused: Int { state.withLock { $0.totalRefused } }

    /// Takes everything that waits; nil when there is nothing.
    package func dequeue() -> Batch? {
        state.withLock { state in
            guard !state.items.isEmpty else { return nil }
            let batch = Batch(items: state.items, refused: state.refused)
            state.items = []
            state.items.reserveCapacity(min(batch.items.count, 64))
            state.bytes = 0
            state.reserved = 0
            state.exempt = 0
            state.owned.removeAll(keepingCapacity: true)
            state.refused = 0
            state.isPressed = false
            return batch
        }
    }

    /// Collects elements for an interval, then takes them; sooner when much waits or the queue is closed. Producers wake
    /// no task meanwhile.
    ///
    /// - Parameter interval: zero to be woken by the first element.
    /// - Returns: nil once the queue is closed and empty, or the task is cancelled and nothing waits.
    package func nextBatch(every interval: Duration) async -> Batch? {
        guard interval > .zero else { return await nextBatch() }
        let check = max(interval / 5, min(interval, .milliseconds(50)))
        while !Task.isCancelled {
            let due = nextDue(interval)
            while ContinuousClock.now < due, !state.withLock({ $0.isClosed || $0.isPressed }) {
                do {
                    try await Task.sleep(until: min(.now + check, due), tolerance: .zero, clock: .continuous)
                } catch { break }
            }
            if let batch = dequeue() { return batch }
            if state.withLock({ $0.isClosed && $0.items.isEmpty }) { return nil }
        }
        return await nextBatch()
    }

    private func nextDue(_ interval: Duration) -> ContinuousClock.Instant {
        state.withLock { state in
            let now = ContinuousClock.now
            // Never further than an interval: after an early batch it begins anew.
            let due = min(now + interval, state.due.map { max($0 + interval, now) } ?? now + interval)
            state.due = due
            return due
        }
    }

    /// Takes everything that waits, and waits when there is nothing.
    ///
    /// For one consumer.
    ///
    /// - Returns: nil once the queue is closed and empty, or the task is cancelled and nothing waits.
    package func nextBatch() async -> Batch? {
        while true {
            if let batch = dequeue() { return batch }
            if Task.isCancelled || state.withLock({ $0.isClosed && $0.items.isEmpty }) { return nil }
            await wake.wait()
        }
    }
}
