import Synchronization

/// A bounded queue from many producers, which never wait, to one consumer, which does.
///
/// Elements that exceed a limit are refused and counted. Elements that must not be lost are added by `enqueueExempt`:
/// the producer bounds their number.
package final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        /// When the oldest of them was enqueued.
        var since: ContinuousClock.Instant?
        var bytes = 0
        /// Bytes held by owners beyond their shares.
        var reserved = 0
        /// Bytes of each owner.
        var owned: [UInt: Int] = [:]
        /// Elements that are exempt from the limits.
        var exempt = 0
        var refused = 0
        var totalRefused = 0
        var isClosed = false
        /// Whether the consumer should stop waiting for more.
        var isPressed = false
        /// The end of the current interval of a collecting consumer: aligned to the clock, independently of the time
        /// spent processing.
        var due: ContinuousClock.Instant?
    }

    /// The elements that a consumer receives at once.
    package struct Batch: Sendable {
        package var items: [Element]
        /// The number of elements refused since the last batch.
        package var refused: Int
    }

    package let limits: QueueLimits
    private let state = Mutex(State())
    private let wake = WakeSignal()

    /// Limited by the number of elements only.
    package convenience init(limit: Int) { self.init(QueueLimits(elements: limit)) }

    package init(_ limits: QueueLimits) {
        precondition(limits.elements > 0 && limits.bytes > 0 && limits.share > 0, "a queue needs a positive capacity")
        self.limits = limits
    }

    /// The maximum number of waiting elements.
    package var limit: Int { limits.elements }

    /// Enqueues an element, unless it exceeds a limit or the queue is closed.
    ///
    /// - Parameters:
    ///   - bytes: its cost.
    ///   - owner: the owner whose share is charged.
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

    /// Enqueues an element regardless of the limits: the producer bounds the number of such elements.
    ///
    /// - Parameter opensOwner: whether it is the first of a new owner, which is refused while too many exempt elements
    ///   wait.
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

    /// Counts an element that the producer did not attempt to enqueue.
    func countRefused() { state.withLock { _ = refuse(&$0) } }

    private func refuse(_ state: inout State) -> Bool {
        state.refused += 1
        state.totalRefused += 1
        return false
    }

    /// Charges bytes to an owner's share, and beyond it to the reserve.
    ///
    /// - Returns: false when neither has capacity.
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

    /// Closes the queue for new elements; waiting ones can still be dequeued.
    package func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
    }

    package var isClosed: Bool { state.withLock { $0.isClosed } }
    /// The number of waiting elements.
    package var count: Int { state.withLock { $0.items.count } }
    /// The number of waiting bytes.
    package var bytes: Int { state.withLock { $0.bytes } }
    /// How long the oldest has waited; zero when nothing waits.
    package var age: Duration {
        state.withLock { state in state.items.isEmpty ? .zero : state.since.map { .now - $0 } ?? .zero }
    }
    /// The total number of refused elements.
    package var refused: Int { state.withLock { $0.totalRefused } }

    /// Dequeues all waiting elements; nil if there are none.
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

    /// Collects elements for an interval, then dequeues them; earlier when the queue is nearly full or closed.
    /// Meanwhile, producers do not wake the task.
    ///
    /// - Parameter interval: zero to wake at the first element.
    /// - Returns: nil once the queue is closed and empty, or when the task is cancelled and nothing is waiting.
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
            // At most one interval ahead: after an early batch it starts anew.
            let due = min(now + interval, state.due.map { max($0 + interval, now) } ?? now + interval)
            state.due = due
            return due
        }
    }

    /// Dequeues all waiting elements, waiting for the first one if necessary.
    ///
    /// For one consumer.
    ///
    /// - Returns: nil once the queue is closed and empty, or when the task is cancelled and nothing is waiting.
    package func nextBatch() async -> Batch? {
        while true {
            if let batch = dequeue() { return batch }
            if Task.isCancelled || state.withLock({ $0.isClosed && $0.items.isEmpty }) { return nil }
            await wake.wait()
        }
    }
}
