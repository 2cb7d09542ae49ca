import SidetonePipeline
import Synchronization

/// Which streams' rows and samples somebody looks at now: of all others they are not even handed over.
final class SubscriptionIndex: Sendable {
    /// Nobody looks at anything, most of the time: that is answered without a lock.
    private let isNone = Atomic(true)
    private let streams = Mutex<[ObjectIdentifier: SubscriptionOptions]>([:])

    /// Whether somebody looks at so much of a stream. Asked by the threads of the media.
    func covers(_ stream: StreamInfo, watch: SubscriptionOptions) -> Bool {
        guard !isNone.load(ordering: .relaxed) else { return false }
        return streams.withLock { $0[ObjectIdentifier(stream)]?.isDisjoint(with: watch) == false }
    }

    /// - Parameter watched: the streams of which rows or samples are looked at.
    func turn(to watched: [ObjectIdentifier: SubscriptionOptions]) {
        guard !watched.isEmpty || !isNone.load(ordering: .relaxed) else { return }
        streams.withLock { $0 = watched }
        isNone.store(watched.isEmpty, ordering: .relaxed)
    }
}
