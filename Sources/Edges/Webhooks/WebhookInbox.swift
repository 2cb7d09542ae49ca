import SidetoneModel
import SidetoneSignatures
import Synchronization

/// Decides which webhooks are processed, so that each event is written once and none that was acknowledged is lost.
///
/// An event is remembered as known only after it was written. Until then it is in progress: a second delivery is refused,
/// and the platform delivers it again. Events of each platform are remembered on their own, and those whose sender was
/// not authenticated apart from all others, so that nobody can fill the memory of somebody else.
final class WebhookInbox: Sendable {
    enum Admission: Sendable, Hashable {
        /// To be written now, and then reported with `finish`.
        case accepted
        /// Written before.
        case repeated
        /// Being written now.
        case inProgress
        /// Too many are being written, or remembered.
        case full
    }

    /// Whose events are remembered together.
    private struct Origin: Hashable {
        var platform: Platform
        var isVerified: Bool
    }

    private struct State {
        /// Keys of what is being written, by origin.
        var inProgress: [Origin: Set<String>] = [:]
        var known: [Origin: DeduplicationCache] = [:]
    }

    private let limit: Int
    private let capacity: Int
    private let windowS: Double
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many may be written at once.
    ///   - capacity: how many events of one platform are remembered.
    ///   - windowS: how long, in seconds.
    init(limit: Int, capacity: Int, windowS: Double) {
        self.limit = limit
        self.capacity = capacity
        self.windowS = windowS
    }

    /// Asks whether a webhook is to be written.
    ///
    /// - Parameter now: seconds on a monotonic clock.
    func admit(_ webhook: ReceivedWebhook, now: Double) -> Admission {
        let origin = Origin(platform: webhook.platform, isVerified: webhook.entry.isVerified)
        return state.withLock { state in
            if state.inProgress[origin]?.contains(webhook.key) == true { return .inProgress }
            var known = state.known[origin] ?? DeduplicationCache(capacity: capacity(of: origin), windowS: windowS)
            defer { state.known[origin] = known }
            if known.contains(webhook.key, now: now) { return .repeated }
            // Each that is in progress needs its place among those that are known.
            let waiting = state.inProgress[origin]?.count ?? 0
            guard state.inProgress.values.reduce(0, { $0 + $1.count }) < limit,
                known.hasRoom(for: waiting + 1, now: now)
            else { return .full }
            state.inProgress[origin, default: []].insert(webhook.key)
            return .accepted
        }
    }

    /// Reports what became of a webhook that was accepted.
    func finish(_ webhook: ReceivedWebhook, wasWritten: Bool, now: Double) {
        let origin = Origin(platform: webhook.platform, isVerified: webhook.entry.isVerified)
        state.withLock { state in
            state.inProgress[origin]?.remove(webhook.key)
            guard wasWritten else { return }
            _ = state.known[origin]?.insert(webhook.key, now: now)
        }
    }

    /// A tenth for events of senders that were not authenticated: they are remembered for convenience only.
    private func capacity(of origin: Origin) -> Int { origin.isVerified ? capacity : max(1, capacity / 10) }
}
