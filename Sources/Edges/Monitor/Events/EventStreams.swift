import NIOCore
import Synchronization

/// The subscribers of events that are connected. A place is taken before anything is kept for one.
final class EventStreams: Sendable {
    /// A write that takes longer ends the connection.
    static let patience = Duration.seconds(10)

    private struct State {
        var places = 0
        var streams: [ObjectIdentifier: (queue: EventQueue, channel: any Channel)] = [:]
        var isClosed = false
        var cut = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock { $0.places } }
    /// How many were cut off, because they took nothing.
    var cutInAll: Int { state.withLock { $0.cut } }

    /// - Returns: false when all places are taken.
    func acquireSlot() -> Bool {
        state.withLock { state in
            guard state.places < limit, !state.isClosed else { return false }
            state.places += 1
            return true
        }
    }

    func leavePlace() { state.withLock { $0.places -= 1 } }

    func add(_ queue: EventQueue, _ channel: any Channel) {
        let isClosed = state.withLock { state in
            state.streams[ObjectIdentifier(queue)] = (queue, channel)
            return state.isClosed
        }
        if isClosed { queue.close() }
    }

    func remove(_ queue: EventQueue) {
        state.withLock { _ = $0.streams.removeValue(forKey: ObjectIdentifier(queue)) }
    }

    /// Ends the connections that have been taking nothing for too long.
    func cutBlocked(at now: ContinuousClock.Instant = .now) {
        let blocked = state.withLock { state in
            let blocked = state.streams.values.filter { $0.queue.blocked(at: now) > Self.patience }
            state.cut += blocked.count
            return blocked
        }
        for (_, channel) in blocked { channel.close(promise: nil) }
    }

    /// Ends all, and takes no more.
    func close() {
        let queues = state.withLock { state in
            state.isClosed = true
            return state.streams.values.map(\.queue)
        }
        for queue in queues { queue.close() }
    }
}
