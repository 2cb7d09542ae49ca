#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Held by the process that writes a history, as long as it lives: a lock that can be had is a dead process's.
///
/// It is a lock of the file `DIR/.sidetone/calls.lock`. SQLite's own locks are of another kind (`fcntl`), so that readers
/// and `purge` do not mind it.
final class HistoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `StoreError`, `inUse` when another process holds it.
    init(directory: String) throws(StoreError) {
        let folder = "\(directory)/.sidetone"
        let file = "\(folder)/calls.lock"
        mkdir(folder, 0o750)
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else {
            throw StoreError(
                .notPermitted, file,
                "cannot create it: \(String(cString: strerror(errno))); see to it that the "
                    + "directory is there and may be written")
        }
        // When this throws, all is initialized and `deinit` closes the file.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw StoreError(
                .inUse, CallDatabase.path(in: directory),
                "is written by another process; give this pipeline's store another directory")
        }
    }

    deinit { close(descriptor) }
}
