import SidetonePipeline
import Synchronization

/// Messages on their way from a call that goes on to the socket that sends them. Bounded: a receiver that does not keep
/// up costs no memory.
package final class MessageFeed: Sendable, MessageSource {
    /// Messages that may wait: ten seconds of both tracks in packets of 20 ms.
    package static let limit = 1_000
    /// Fewer than this let `room` go on.
    static let low = 100

    private struct State {
        var waiting: [TimedMessage] = []
        var first = 0
        var isEnded = false
        var isOverfull = false
        var isAbandoned = false
        var tell: (@Sendable () -> Void)?
        var count: Int { waiting.count - first }
    }
    private let state = Mutex(State())
    private let freed = WakeSignal()

    package init() {}

    /// Adds messages.
    ///
    /// - Returns: false when more wait than may; they are refused then, as every further one.
    @discardableResult
    package func add(_ messages: [TimedMessage]) -> Bool {
        let (isTaken, tell) = state.withLock { state in
            guard !state.isOverfull, !state.isEnded, !state.isAbandoned else {
                return (false, nil as (@Sendable () -> Void)?)
            }
            guard state.count + messages.count <= Self.limit else {
                state.isOverfull = true
                return (false, state.tell)
            }
            state.waiting += messages
            return (true, state.tell)
        }
        tell?()
        return isTaken
    }

    /// Nothing follows.
    package func end() {
        let tell = state.withLock { state in
            state.isEnded = true
            return state.tell
        }
        tell?()
    }

    /// Whoever sent is gone: nobody waits for room any more.
    package func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.tell = nil
            state.waiting = []
            state.first = 0
        }
        freed.signal()
    }

    /// Waits until few messages wait. Only one task may; cancellation ends the wait.
    package func room() async {
        while state.withLock({ $0.count > Self.low && !$0.isAbandoned }), !Task.isCancelled { await freed.wait() }
    }

    /// - Parameter tell: called when there is something new, from any thread.
    package func onNews(_ tell: @escaping @Sendable () -> Void) { state.withLock { $0.tell = tell } }

    package func next() throws -> NextMessage {
        if let failure { throw failure }
        let (next, hasRoom) = state.withLock { state -> (NextMessage, Bool) in
            guard state.count > 0 else { return (state.isEnded ? .over : .notYet, false) }
            let message = state.waiting[state.first]
            state.first += 1
            if state.first > 256 {
                state.waiting.removeFirst(state.first)
                state.first = 0
            }
            return (.message(message), state.count == Self.low)
        }
        if hasRoom { freed.signal() }
        return next
    }

    package var failure: (any Error)? { state.withLock { $0.isOverfull } ? Overfull() : nil }

    /// The receiver took less than real time for so long that the feed is full.
    struct Overfull: Error, CustomStringConvertible {
        var description: String {
            "the receiver is too slow: \(MessageFeed.limit) messages waited, which is as many as may"
        }
    }
}
