import SidetoneModel
import SidetoneSignatures
import Synchronization

/// Decides which webhooks are processed, so that each event is written once and none that was acknowledged is lost.
///
/// An event counts as known only after it was written. Until then it is in progress: a second delivery is refused, and
/// the platform delivers it again. Events are remembered per platform, and those of unauthenticated senders separately, so
/// that no sender can displace the events of another.
final class WebhookInbox: Sendable {
    enum Admission: Sendable, Hashable {
        /// The caller must write it and then call `finish`.
        case accepted
        /// Written before.
        case repeated
        /// Being written now.
        case inProgress
        /// Too many events are being written or remembered.
        case full
    }

    /// The senders whose events are remembered together.
    private struct Origin: Hashable {
        var platform: String
        var isVerified: Bool
    }

    private struct State {
        /// Keys of events being written, by origin.
        var inProgress: [Origin: Set<String>] = [:]
        var known: [Origin: DeduplicationCache] = [:]
    }

    private let limit: Int
    private let capacity: Int
    private let windowS: Double
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: maximum number being written at once.
    ///   - capacity: maximum events remembered per platform.
    ///   - windowS: how long, in seconds.
    init(limit: Int, capacity: Int, windowS: Double) {
        self.limit = limit
        self.capacity = capacity
        self.windowS = windowS
    }

    /// Decides whether a webhook is to be written.
    ///
    /// - Parameter now: seconds on a monotonic clock.
    func admit(_ webhook: ReceivedWebhook, now: Double) -> Admission {
        let origin = Origin(platform: webhook.platform, isVerified: webhook.entry.isVerified)
        return state.withLock { state in
            if state.inProgress[origin]?.contains(webhook.key) == true { return .inProgress }
            var known = state.known[origin] ?? DeduplicationCache(capacity: capacity(of: origin), windowS: windowS)
            defer { state.known[origin] = known }
            if known.contains(webhook.key, now: now) { return .repeated }
            // Each event in progress needs a slot among the known ones.
            let waiting = state.inProgress[origin]?.count ?? 0
            guard state.inProgress.values.reduce(0, { $0 + $1.count }) < limit,
                known.hasRoom(for: waiting + 1, now: now)
            else { return .full }
            state.inProgress[origin, default: []].insert(webhook.key)
            return .accepted
        }
    }

    /// Reports the outcome for an accepted webhook.
    func finish(_ webhook: ReceivedWebhook, wasWritten: Bool, now: Double) {
        let origin = Origin(platform: webhook.platform, isVerified: webhook.entry.isVerified)
        state.withLock { state in
            state.inProgress[origin]?.remove(webhook.key)
            guard wasWritten else { return }
            _ = state.known[origin]?.insert(webhook.key, now: now)
        }
    }

    /// A tenth for events of unauthenticated senders, which are remembered for convenience only.
    private func capacity(of origin: Origin) -> Int { origin.isVerified ? capacity : max(1, capacity / 10) }
}
