import SidetonePipeline
import Synchronization

/// How long a pipeline may take to end, once it was told to.
///
/// Streams may go on for `drain_s`. Sinks then have until the same moment to write what waits, and at least `grace` from
/// the end of the last stream.
final class DrainDeadline: Sendable {
    /// What sinks get at least.
    static let grace = Duration.seconds(3)
    /// How long sinks may go without progress before the deadline holds.
    static let patience = Duration.seconds(3)
    /// What sinks get beyond the deadline while they make progress.
    static let progress = Duration.seconds(10)
    /// After a failed start nothing waits that anybody needs: the program ends within a second.
    static let failedStart = Duration.milliseconds(500)

    private let drain: Duration
    private let state = Mutex<(stopped: ContinuousClock.Instant?, sinks: ContinuousClock.Instant?, isHurried: Bool)>(
        (nil, nil, false))

    init(drainS: Int) { drain = .seconds(drainS) }

    /// By then the process has ended by itself, unless something is stuck that even cancellation does not reach.
    var lastResortS: Int { Int((drain + Self.grace + Self.progress) / .seconds(1)) + 5 }
    /// How long listeners may take to end.
    var listeners: Duration { drain + .seconds(5) }

    /// The pipeline was told to stop; only the first time counts.
    func stop() {
        state.withLock { state in
            if state.stopped == nil { state.stopped = .now }
        }
    }

    var isStopped: Bool { state.withLock { $0.stopped != nil } }

    /// The second signal: nothing is waited for any more than it must.
    func hurry() { state.withLock { $0.isHurried = true } }

    /// The streams are over.
    ///
    /// - Parameter failed: whether the pipeline could not start.
    func streamsEnded(failed: Bool) {
        state.withLock { $0.sinks = .now + (failed ? Self.failedStart : Self.grace) }
    }

    /// Until when sinks may take.
    var sinks: ContinuousClock.Instant {
        state.withLock { state in
            let least = state.sinks ?? .now
            guard !state.isHurried, let stopped = state.stopped else { return least }
            return max(least, stopped + drain)
        }
    }
}
