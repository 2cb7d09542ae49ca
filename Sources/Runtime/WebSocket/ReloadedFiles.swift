package import Logging
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A value that is read from files and reloaded when they change.
///
///     let tokens = try ReloadedFiles(["tokens"], name: "Bearer tokens", logger: logger) { try read("tokens") }
///     tokens.value  // does not check the files: a timer does that, once per second, on its own thread
///
/// While files are unusable the value is kept: one of two files may be replaced before the other.
package final class ReloadedFiles<Value: Sendable>: Sendable {
    /// What identifies the content of a file without reading it.
    private struct Version: Hashable {
        var file: UInt = 0
        var modified = 0
        var size = 0

        init(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return }
            file = UInt(status.st_ino)
            modified = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
            size = Int(status.st_size)
        }
    }

    private struct State {
        var value: Value
        /// Versions of the files that the value was read from.
        var used: [Version]
        /// Versions of the files that were reported as unusable.
        var reported: [Version]?
    }

    private let paths: [String]
    private let name: String
    private let logger: Logger
    private let make: @Sendable () throws -> Value
    private let state: Mutex<State>
    private let timer = Mutex<RepeatedTask?>(nil)

    /// - Parameters:
    ///   - name: the name in logs, such as `Certificate`.
    ///   - make: reads the files; called on a thread that may block.
    /// - Throws: the errors of `make`.
    package init(
        _ paths: [String], name: String, logger: Logger, make: @escaping @Sendable () throws -> Value
    ) throws {
        self.paths = paths
        self.name = name
        self.logger = logger
        self.make = make
        // Versions before content: a change in between is detected by the next check.
        let versions = paths.map { Version($0) }
        state = Mutex(State(value: try make(), used: versions))
        let task = MultiThreadedEventLoopGroup.singleton.next().scheduleRepeatedAsyncTask(
            initialDelay: .seconds(1), delay: .seconds(1)
        ) { [weak self] task in
            guard let self else {
                task.cancel()
                return MultiThreadedEventLoopGroup.singleton.next().makeSucceededVoidFuture()
            }
            return NIOThreadPool.singleton.runIfActive(eventLoop: MultiThreadedEventLoopGroup.singleton.next()) {
                self.refresh()
            }
        }
        timer.withLock { $0 = task }
    }

    deinit { timer.withLock { $0?.cancel() } }

    /// The value of the files at the last check.
    package var value: Value { state.withLock { $0.value } }

    /// Checks the files, and reads them if they have changed.
    package func refresh() {
        let versions = paths.map { Version($0) }
        let isKnown = state.withLock { $0.used == versions || $0.reported == versions }
        guard !isKnown else { return }
        do {
            let value = try make()
            state.withLock { state in
                state.value = value
                state.used = versions
                state.reported = nil
            }
            logger.notice("\(name) reloaded")
        } catch {
            state.withLock { $0.reported = versions }
            logger.warning("\(name) not usable yet; keeping the previous one", metadata: ["error": "\(error)"])
        }
    }
}
