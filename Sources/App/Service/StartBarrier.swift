import SidetonePipeline
import Synchronization

/// Delays the media listener until every other listener has started: no stream is admitted before.
final class StartBarrier: Sendable {
    private let missing: Mutex<Int>
    private let wake = WakeSignal()

    init(_ count: Int) { missing = Mutex(count) }

    /// The completion of one start; only the first call counts.
    func arrival() -> @Sendable () -> Void {
        let once = Once()
        return {
            guard once.isFirst else { return }
            self.missing.withLock { $0 -= 1 }
            self.wake.signal()
        }
    }

    /// Waits until all have started; cancellation ends the wait.
    func wait() async { while missing.withLock({ $0 > 0 }), !Task.isCancelled { await wake.wait() } }

    private final class Once: Sendable {
        private let isDone = Atomic(false)
        var isFirst: Bool { !isDone.exchange(true, ordering: .relaxed) }
    }
}
