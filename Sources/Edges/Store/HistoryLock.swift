#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Held by the process that writes a history; if the lock can be acquired, that process has ended.
///
/// It locks the file `DIR/.sidetone/calls.lock`. SQLite's own locks are of another kind (`fcntl`), so that readers
/// and `purge` are not affected.
final class HistoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `StoreError`, `inUse` if another process holds it.
    init(directory: String) throws(StoreError) {
        let folder = "\(directory)/.sidetone"
        let file = "\(folder)/calls.lock"
        mkdir(folder, 0o750)
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else {
            throw StoreError(
                .notPermitted, file,
                "cannot create it: \(String(cString: strerror(errno))); make sure that the "
                    + "directory exists and is writable")
        }
        // If this throws, all members are initialized and `deinit` closes the file.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw StoreError(
                .inUse, CallDatabase.path(in: directory),
                "is written by another process; choose another directory for the store of this pipeline")
        }
    }

    deinit { close(descriptor) }
}
