import Synchronization

/// Signed-in browsers. Bounded; the oldest are removed first.
final class Sessions: Sendable {
    static let cookie = "sidetone_session"
    static let limit = 256
    static let lifetime = Duration.seconds(12 * 3_600)
    /// Maximum invalid tokens per minute; further attempts must wait.
    static let failureLimit = 30

    private struct State {
        var opened: [(id: String, at: ContinuousClock.Instant)] = []
        var failures: [ContinuousClock.Instant] = []
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    /// - Returns: the session's id: 256 random bits.
    func open() -> String {
        var random = SystemRandomNumberGenerator()
        let id = (0..<4).map { _ in
            let digits = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        state.withLock { state in
            state.opened.append((id, now()))
            if state.opened.count > Self.limit { state.opened.removeFirst() }
        }
        return id
    }

    func isOpen(_ id: String) -> Bool {
        state.withLock { state in
            let now = now()
            state.opened.removeAll { now - $0.at > Self.lifetime }
            return state.opened.contains { $0.id == id }
        }
    }

    /// Whether another attempt is allowed now.
    var allowsAttempt: Bool {
        state.withLock { state in
            let now = now()
            state.failures.removeAll { now - $0 > .seconds(60) }
            return state.failures.count < Self.failureLimit
        }
    }

    func countFailure() { state.withLock { $0.failures.append(now()) } }
}
