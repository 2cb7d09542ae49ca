import NIOCore
import NIOPosix
import Synchronization

/// Measures how late event loops run scheduled work, ten times per second.
final class LoopLag: Sendable {
    private static let every: TimeAmount = .milliseconds(100)

    private struct State {
        /// The maximum of the current and of the previous second, in nanoseconds.
        var worst: Int64 = 0
        var before: Int64 = 0
        var since = NIODeadline.now()
    }

    private let state = Mutex(State())

    /// Continues until the loops are shut down.
    init(_ loops: MultiThreadedEventLoopGroup) {
        for loop in loops.makeIterator() { measure(loop) }
    }

    private func measure(_ loop: any EventLoop) {
        let due = NIODeadline.now() + Self.every
        loop.scheduleTask(deadline: due) { [weak self] in
            guard let self else { return }
            record((NIODeadline.now() - due).nanoseconds)
            measure(loop)
        }
    }

    private func record(_ nanoseconds: Int64) {
        state.withLock { state in
            let now = NIODeadline.now()
            if now - state.since > .seconds(1) {
                state.before = state.worst
                state.worst = 0
                state.since = now
            }
            state.worst = max(state.worst, nanoseconds)
        }
    }

    /// The maximum of the last one to two seconds, in seconds.
    var seconds: Double { state.withLock { Double(max($0.worst, $0.before)) / 1e9 } }
}
