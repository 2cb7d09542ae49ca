#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Held by the process that writes a history, as long as it lives: a lock that can be had is a dead process's.
///
/// It is a lock of the file beside the history. SQLite's own locks are of another kind (`fcntl`), so that readers and
/// `purge` do not mind it.
final class HistoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `StoreError`, `inUse` when another process holds it.
    init(_ path: String) throws(StoreError) {
        let file = "\(path).lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw StoreError(.notPermitted, file, "cannot create it: \(String(cString: strerror(errno)))")
        }
        // When this throws, all is initialized and `deinit` closes the file.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw StoreError(
                .inUse, path, "is written by another process; give this pipeline's store another directory")
        }
    }

    deinit { close(descriptor) }
}
