package import NIOCore
package import SidetonePlayback
import Synchronization

/// The clock of one emulated call: seconds since its answer.
package protocol CallClock: Sendable {
    /// Whether the call pauses during external operations: loading a document, opening a socket, synthesising speech.
    /// Calls are then reproducible; in real time, the call continues meanwhile.
    var standsStill: Bool { get }
    /// The call is answered.
    func start()
    /// - Throws: when the task is cancelled.
    func wait(until seconds: Double) async throws
    /// That time on the network's clock; nil if messages are not paced.
    func deadline(at seconds: Double) -> NIODeadline?
}

/// A clock at a pace: real time, a multiple of it, or as fast as possible.
package final class PacedClock: CallClock {
    private let pace: Pace
    private let started = Mutex((ContinuousClock.now, NIODeadline.now()))

    package init(_ pace: Pace) { self.pace = pace }

    package var standsStill: Bool { pace == .max }

    package func start() { started.withLock { $0 = (.now, .now()) } }

    package func wait(until seconds: Double) async throws {
        guard case .times(let speed) = pace else {
            try Task.checkCancellation()
            return await Task.yield()
        }
        let moment = started.withLock { $0.0 } + .seconds(min(seconds / speed, TimeAmount.maxSeconds))
        try await Task.sleep(until: moment, clock: .continuous)
    }

    package func deadline(at seconds: Double) -> NIODeadline? {
        guard case .times(let speed) = pace else { return nil }
        return started.withLock { $0.1 } + .seconds(clamping: seconds / speed)
    }
}
