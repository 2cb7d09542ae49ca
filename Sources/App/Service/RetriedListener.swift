import Logging
import ServiceLifecycle
import Synchronization

/// A listener other than the media listener, such as the monitor's. If it fails after its start, it is restarted with
/// increasing delays while calls continue. If it cannot start, the pipeline does not start.
struct RetriedListener: Service {
    let name: String
    /// Delays before a restart: the first one, doubled at each failure up to the longest.
    var pauses = (first: Duration.milliseconds(500), longest: Duration.seconds(30))
    let logger: Logger
    /// Called once it listens or has ended.
    let started: @Sendable () -> Void
    /// Runs the listener, and calls its argument once it listens.
    let listen: @Sendable (@escaping @Sendable () -> Void) async throws -> Void

    /// After this time without a failure, the delay is reset.
    private static let stable = Duration.seconds(60)

    func run() async throws {
        let isStarted = Mutex(false)
        var pause = pauses.first
        while true {
            let since = ContinuousClock.now
            do {
                try await listen {
                    isStarted.withLock { $0 = true }
                    started()
                }
                started()
                return
            } catch {
                guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
                guard isStarted.withLock({ $0 }) else { throw error }
                if ContinuousClock.now - since > Self.stable { pause = pauses.first }
                logger.error(
                    "Listener failed and is being restarted",
                    metadata: ["listener": "\(name)", "error": "\(error)", "pause_s": "\(pause / .seconds(1))"])
            }
            let wait = pause * Double.random(in: 0.8...1.2)
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: wait) }
            guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
            pause = min(pause * 2, pauses.longest)
        }
    }
}
