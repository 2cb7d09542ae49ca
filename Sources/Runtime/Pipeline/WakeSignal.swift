import Synchronization

/// Wakes a single waiting task; cancellation ends the wait, too.
///
/// A signal sent while no task waits ends the next wait at once. A wait may also end without a signal, so the waiting
/// task checks its own condition and `Task.isCancelled` in a loop:
///
///     while !isDone, !Task.isCancelled { await wake.wait() }
package final class WakeSignal: Sendable {
    private enum State {
        case idle, signalled
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    package init() {}

    package func signal() { exchange(.signalled)?.resume() }

    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isDue, earlier) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
                    switch state {
                    case .signalled:
                        state = .idle
                        return (true, nil)
                    case .idle:
                        state = .waiting(continuation)
                        return (false, nil)
                    case .waiting(let earlier):
                        state = .waiting(continuation)
                        return (false, earlier)
                    }
                }
                earlier?.resume()
                if isDue { continuation.resume() }
            }
        } onCancel: {
            signal()
        }
    }

    /// - Returns: the task that waited; it consumes the signal.
    private func exchange(_ new: State) -> CheckedContinuation<Void, Never>? {
        state.withLock { state in
            guard case .waiting(let waiter) = state else {
                state = new
                return nil
            }
            state = .idle
            return waiter
        }
    }
}
