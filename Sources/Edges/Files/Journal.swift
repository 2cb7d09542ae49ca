import Glibc
import Synchronization

/// What a process has open below one output directory, written where the next process finds it.
///
/// `DIR/.sidetone/journal-<pid>-<random>` is locked as long as the process lives; a lock that can be had is a dead
/// process's. Its lines are `open <path> <kind>` and `closed <path>`.
package final class Journal: Sendable {
    static let folderName = ".sidetone"
    static let prefix = "journal-"

    /// How a file is made readable again when its process died.
    enum Kind: String {
        /// Header sizes from the file's length.
        case wav
        /// Cut after the last line end.
        case lines
        /// Readable as it is: its header was true after each write.
        case matrix
        /// Removed: nobody was meant to see it.
        case temporary
    }

    private struct State {
        var descriptor: Int32
        var open: [String: Kind] = [:]
        var bytes = 0
    }

    private let folder: Folder
    private let name: String
    private let state: Mutex<State>

    /// Begins the journal of this process.
    init(in directory: Folder) throws(FileError) {
        _ = try directory.makeFolder(Self.folderName)
        folder = try directory.folder(Self.folderName)
        name = "\(Self.prefix)\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        state = Mutex(State(descriptor: try Self.locked(name, in: folder)))
    }

    deinit {
        state.withLock { state in
            // What is still open stays in the journal, for the next process to repair.
            if state.open.isEmpty { folder.remove(name) }
            close(state.descriptor)
        }
    }

    /// A file is about to be written.
    func open(_ path: String, kind: Kind) throws(FileError) {
        try state.withLock { state throws(FileError) in
            try append("open \(path) \(kind.rawValue)\n", state: &state)
            state.open[path] = kind
        }
    }

    /// A file is whole. When that cannot be written, the file is repaired once more, which changes nothing.
    func closed(_ path: String) {
        state.withLock { state in
            state.open[path] = nil
            try? append("closed \(path)\n", state: &state)
            if state.bytes > 1 << 18, state.bytes > state.open.count * 1_024 { shorten(&state) }
        }
    }

    private func append(_ line: String, state: inout State) throws(FileError) {
        let bytes = Array(line.utf8)
        let written = write(state.descriptor, bytes, bytes.count)
        guard written == bytes.count else {
            let error = FileError(errno: written < 0 ? errno : ENOSPC, "write", "\(folder.path)/\(name)")
            // A line cut short would join the next one.
            if written > 0 { ftruncate(state.descriptor, off_t(state.bytes)) }
            throw error
        }
        state.bytes += written
    }

    /// Writes the journal anew with what is open now, so that a server may run for months.
    private func shorten(_ state: inout State) {
        let next = "\(name).next"
        folder.remove(next)
        guard let descriptor = try? Self.locked(next, in: folder) else { return }
        var shorter = State(descriptor: descriptor, open: state.open)
        let lines = state.open.map { "open \($0.key) \($0.value.rawValue)\n" }.sorted().joined()
        guard (try? append(lines, state: &shorter)) != nil, (try? folder.rename(next, to: name)) != nil else {
            close(descriptor)
            folder.remove(next)
            return
        }
        close(state.descriptor)
        state = shorter
    }

    /// Makes a file under a name that repair does not read, locks it, and gives it its name only then: no other
    /// process can find it unlocked.
    private static func locked(_ name: String, in folder: Folder) throws(FileError) -> Int32 {
        let early = "new-\(name)"
        let made = try folder.makeFile(early)
        defer { close(made) }
        let descriptor = openat(folder.descriptor, early, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error = FileError(errno: errno, "lock", "\(folder.path)/\(name)")
            if descriptor >= 0 { close(descriptor) }
            folder.remove(early)
            throw error
        }
        try folder.rename(early, to: name)
        return descriptor
    }
}
