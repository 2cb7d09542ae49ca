import SidetonePipeline
import Synchronization

/// The streams whose rows or samples a client is subscribed to; for all others they are not even enqueued.
final class SubscriptionIndex: Sendable {
    /// Most of the time there is no subscription; this case is answered without a lock.
    private let isNone = Atomic(true)
    private let streams = Mutex<[ObjectIdentifier: SubscriptionOptions]>([:])

    /// Whether a client is subscribed to these parts of a stream. Called on the media threads.
    func covers(_ stream: StreamInfo, watch: SubscriptionOptions) -> Bool {
        guard !isNone.load(ordering: .relaxed) else { return false }
        return streams.withLock { $0[ObjectIdentifier(stream)]?.isDisjoint(with: watch) == false }
    }

    /// - Parameter watched: the streams with subscriptions to rows or samples.
    func replace(with watched: [ObjectIdentifier: SubscriptionOptions]) {
        guard !watched.isEmpty || !isNone.load(ordering: .relaxed) else { return }
        streams.withLock { $0 = watched }
        isNone.store(watched.isEmpty, ordering: .relaxed)
    }
}
