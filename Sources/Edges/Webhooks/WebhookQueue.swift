import SidetoneModel
import SidetonePipeline
import SidetoneSignatures
import Synchronization

/// The webhooks that were accepted and wait to be worked on, each event once. Bounded: what finds no room is refused and
/// comes again, because the platform tries again.
final class WebhookQueue: Sendable {
    enum Answer: Sendable { case taken, repeated, full }

    private let seen: Mutex<DeduplicationCache>
    private let queue: BoundedQueue<CallLogEntry>

    init(limit: Int, seen: Int, seenS: Double) {
        queue = BoundedQueue(limit: limit)
        self.seen = Mutex(DeduplicationCache(capacity: seen, windowS: seenS))
    }

    /// - Parameter now: seconds on any clock.
    func offer(_ webhook: ReceivedWebhook, now: Double) -> Answer {
        seen.withLock { seen in
            // Room first: an event that is noted and not taken would be lost. Only offers under this lock fill the queue.
            guard queue.count < queue.limit else { return .full }
            switch seen.insert(webhook.key, now: now) {
            case .repeated: return .repeated
            case .full: return .full
            case .fresh: return queue.enqueue(webhook.entry) ? .taken : .full
            }
        }
    }

    /// What waits; nil once the queue is closed and empty.
    func nextBatch() async -> [CallLogEntry]? { await queue.nextBatch()?.items }

    func close() { queue.close() }
}
