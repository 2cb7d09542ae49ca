import SidetoneModel
import SidetonePipeline
import SidetoneSignatures
import Synchronization

/// The webhooks that were accepted and wait to be worked on, each event once. Bounded: what finds no room is refused and
/// comes again, because the platform tries again.
final class WebhookQueue: Sendable {
    enum Answer: Sendable { case taken, repeated, full }

    private let seen: Mutex<SeenIDs>
    private let mailbox: Mailbox<CallLogEntry>

    init(limit: Int, seen: Int, seenS: Double) {
        mailbox = Mailbox(limit: limit)
        self.seen = Mutex(SeenIDs(limit: seen, lifetimeS: seenS))
    }

    /// - Parameter now: seconds on any clock.
    func offer(_ webhook: ReceivedWebhook, now: Double) -> Answer {
        seen.withLock { seen in
            // Room first: an event that is noted and not taken would be lost. Only offers under this lock fill the mailbox.
            guard mailbox.count < mailbox.limit else { return .full }
            switch seen.insert(webhook.key, now: now) {
            case .repeated: return .repeated
            case .full: return .full
            case .fresh: return mailbox.offer(webhook.entry) ? .taken : .full
            }
        }
    }

    /// What waits; nil once the queue is closed and empty.
    func next() async -> [CallLogEntry]? { await mailbox.next()?.items }

    func close() { mailbox.close() }
}
