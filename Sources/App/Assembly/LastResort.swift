import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Ends the process when nothing else does: after SIGTERM or SIGINT, the program must end whatever is stuck.
///
/// It runs on a thread of its own and shares nothing with the rest, so that neither a blocked thread pool nor a blocked
/// standard error can keep it from its work.
final class LastResort: Sendable {
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

        /// Whether it was not armed before.
        func arm() -> Bool { !isArmed.exchange(true, ordering: .relaxed) }
    }

    private static func end() -> Never {
        let text = "sidetone: did not end by itself after the signal; ended without closing its files\n"
        var error = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        // A pipe that nobody reads must not hold this up, too.
        if poll(&error, 1, 0) == 1, error.revents & Int16(POLLOUT) != 0 {
            _ = write(STDERR_FILENO, text, text.utf8.count)
        }
        _exit(70)
    }
}
