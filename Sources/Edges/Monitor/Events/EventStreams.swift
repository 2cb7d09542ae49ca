import NIOCore
import Synchronization

/// The connected subscribers of events. A slot is acquired before any state is allocated for a subscriber.
final class EventStreams: Sendable {
    /// A write that takes longer ends the connection.
    static let patience = Duration.seconds(10)

    private struct State {
        var slots = 0
        var streams: [ObjectIdentifier: (queue: EventQueue, channel: any Channel)] = [:]
        var isClosed = false
        var cut = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock { $0.slots } }
    /// Subscribers disconnected because they did not read.
    var cutInAll: Int { state.withLock { $0.cut } }

    /// - Returns: false if no slot is free.
    func acquireSlot() -> Bool {
        state.withLock { state in
            guard state.slots < limit, !state.isClosed else { return false }
            state.slots += 1
            return true
        }
    }

    func releaseSlot() { state.withLock { $0.slots -= 1 } }

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

    /// Disconnects subscribers that have not read for too long.
    func cutBlocked(at now: ContinuousClock.Instant = .now) {
        let blocked = state.withLock { state in
            let blocked = state.streams.values.filter { $0.queue.blocked(at: now) > Self.patience }
            state.cut += blocked.count
            return blocked
        }
        for (_, channel) in blocked { channel.close(promise: nil) }
    }

    /// Ends all streams and accepts no more.
    func close() {
        let queues = state.withLock { state in
            state.isClosed = true
            return state.streams.values.map(\.queue)
        }
        for queue in queues { queue.close() }
    }
}
