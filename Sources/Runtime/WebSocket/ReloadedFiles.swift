package import Logging
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A value that is read from files, and read again when they change.
///
///     let tokens = try ReloadedFiles(["tokens"], name: "Bearer tokens", logger: logger) { try read("tokens") }
///     tokens.value  // without a look at the files: a timer does that, once a second, on a thread of its own
///
/// Files that cannot be used leave the value as it is until they can: one of two files may be replaced before the other.
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
        /// Of the files that the value was made of.
        var used: [Version]
        /// Of those that were reported as not usable.
        var reported: [Version]?
    }

    private let paths: [String]
    private let name: String
    private let logger: Logger
    private let make: @Sendable () throws -> Value
    private let state: Mutex<State>
    private let timer = Mutex<RepeatedTask?>(nil)

    /// - Parameters:
    ///   - name: in logs, such as `Certificate`.
    ///   - make: reads the files; called on a thread that may block.
    /// - Throws: what `make` throws now.
    package init(
        _ paths: [String], name: String, logger: Logger, make: @escaping @Sendable () throws -> Value
    ) throws {
        self.paths = paths
        self.name = name
        self.logger = logger
        self.make = make
        // Their versions before their content: what changes in between is seen at the next look.
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

    /// The value of the files when they were last looked at.
    package var value: Value { state.withLock { $0.value } }

    /// Looks at the files now, and reads them if they have changed.
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
            logger.warning("\(name) not usable yet; the earlier stays", metadata: ["error": "\(error)"])
        }
    }
}
