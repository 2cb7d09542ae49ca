import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Ends the process when nothing else does: after SIGTERM or SIGINT, the program must exit even if something is stuck.
///
/// It has a queue of its own and shares no state, so neither a blocked thread pool nor a blocked standard error can
/// prevent the exit.
final class LastResort: Sendable {
    // Safe: assigned once in `init`; `cancel()`, the only later use, may be called from any thread.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]
    private static let queue = DispatchQueue(label: "sidetone.last-resort", qos: .userInteractive)

    /// - Parameter seconds: from the first signal to the end of the process.
    init(seconds: Int) {
        let timer = Timer()
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: Self.queue)
            source.setEventHandler {
                guard timer.arm() else { return }
                Self.queue.asyncAfter(deadline: .now() + .seconds(seconds)) { Self.end() }
            }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }

    private final class Timer: Sendable {
        private let isArmed = Atomic(false)

        /// Arms the timer.
        ///
        /// - Returns: false if it was armed before.
        func arm() -> Bool { !isArmed.exchange(true, ordering: .relaxed) }
    }

    private static func end() -> Never {
        let text = "sidetone: still running after the shutdown deadline; exiting without closing files\n"
        var error = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        // Standard error may be a full pipe: write only if that does not block.
        if poll(&error, 1, 0) == 1, error.revents & Int16(POLLOUT) != 0 {
            _ = write(STDERR_FILENO, text, text.utf8.count)
        }
        _exit(70)
    }
}
