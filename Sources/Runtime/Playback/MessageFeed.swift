import SidetonePipeline
import Synchronization

/// A bounded queue of messages between an active call and the socket that sends them: a slow receiver costs no memory.
package final class MessageFeed: Sendable, MessageSource {
    /// Maximum queued messages: ten seconds of both tracks in packets of 20 ms.
    package static let limit = 1_000
    /// `room` returns below this number.
    static let low = 100

    private struct State {
        var waiting: [TimedMessage] = []
        var first = 0
        var isEnded = false
        var isOverfull = false
        var isAbandoned = false
        var notify: (@Sendable () -> Void)?
        var count: Int { waiting.count - first }
    }
    private let state = Mutex(State())
    private let freed = WakeSignal()

    package init() {}

    /// Adds messages.
    /// - Returns: false when the queue is full; these and all further messages are then refused.
    @discardableResult
    package func add(_ messages: [TimedMessage]) -> Bool {
        let (isTaken, notify) = state.withLock { state in
            guard !state.isOverfull, !state.isEnded, !state.isAbandoned else {
                return (false, nil as (@Sendable () -> Void)?)
            }
            guard state.count + messages.count <= Self.limit else {
                state.isOverfull = true
                return (false, state.notify)
            }
            state.waiting += messages
            return (true, state.notify)
        }
        notify?()
        return isTaken
    }

    /// Ends the queue.
    package func end() {
        let notify = state.withLock { state in
            state.isEnded = true
            return state.notify
        }
        notify?()
    }

    /// The sender has ended: no task waits for room any more.
    package func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            state.notify = nil
            state.waiting = []
            state.first = 0
        }
        freed.signal()
    }

    /// Waits until few messages are queued. Only one task may wait; cancellation ends the wait.
    package func room() async {
        while state.withLock({ $0.count > Self.low && !$0.isAbandoned }), !Task.isCancelled { await freed.wait() }
    }

    /// - Parameter notify: called on new messages, from any thread.
    package func onMessages(_ notify: @escaping @Sendable () -> Void) { state.withLock { $0.notify = notify } }

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

    /// The receiver was slower than real time for so long that the queue is full.
    struct Overfull: Error, CustomStringConvertible {
        var description: String {
            "the receiver is too slow: the queue of \(MessageFeed.limit) messages is full"
        }
    }
}
