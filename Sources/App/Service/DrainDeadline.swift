import SidetonePipeline
import Synchronization

/// The time limits of a shutdown.
///
/// Streams may continue for `drain_timeout_s`. Sinks have until the same deadline to write what is queued, and at least `grace`
/// after the end of the last stream.
final class DrainDeadline: Sendable {
    /// Minimum time for sinks after the last stream.
    static let grace = Duration.seconds(3)
    /// Maximum time without progress before sinks are held to the deadline.
    static let patience = Duration.seconds(3)
    /// Maximum extension of the deadline while sinks make progress.
    static let progress = Duration.seconds(10)
    /// After a failed start nothing is queued: the program ends within a second.
    static let failedStart = Duration.milliseconds(500)

    private let drain: Duration
    private let state = Mutex<(stopped: ContinuousClock.Instant?, sinks: ContinuousClock.Instant?, isHurried: Bool)>(
        (nil, nil, false))

    init(drainTimeoutS: Int) { drain = .seconds(drainTimeoutS) }

    /// Seconds after which the process has ended, unless something is stuck that cancellation does not reach.
    var lastResortS: Int { Int((drain + Self.grace + Self.progress) / .seconds(1)) + 5 }
    /// Maximum time for listeners to end.
    var listeners: Duration { drain + .seconds(5) }

    /// Starts the deadline; further calls have no effect.
    func stop() {
        state.withLock { state in
            if state.stopped == nil { state.stopped = .now }
        }
    }

    var isStopped: Bool { state.withLock { $0.stopped != nil } }

    /// Handles the second signal: only the minimum times remain.
    func hurry() { state.withLock { $0.isHurried = true } }

    /// The streams are over.
    ///
    /// - Parameter failed: whether the pipeline could not start.
    func streamsEnded(failed: Bool) {
        state.withLock { $0.sinks = .now + (failed ? Self.failedStart : Self.grace) }
    }

    /// The deadline of the sinks.
    var sinks: ContinuousClock.Instant {
        state.withLock { state in
            let least = state.sinks ?? .now
            guard !state.isHurried, let stopped = state.stopped else { return least }
            return max(least, stopped + drain)
        }
    }
}
