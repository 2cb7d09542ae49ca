import Glibc
import Synchronization

/// Records which files a process has open below one output directory, for repair after a crash.
///
/// `DIR/.sidetone/journal-<pid>-<random>` is locked as long as the process runs; if the lock can be acquired, the process
/// has ended. Its lines are `open <path> <kind>` and `closed <path>`.
package final class Journal: Sendable {
    static let folderName = ".sidetone"
    static let prefix = "journal-"

    /// How a file is repaired after its process was killed.
    enum Kind: String {
        /// The header sizes are set from the file's length.
        case wav
        /// The file is cut after the last line end.
        case lines
        /// The file is readable as it is: its header was valid after each write.
        case matrix
        /// The file is removed: it was temporary.
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

    /// Creates the journal of this process.
    init(in directory: Folder) throws(FileError) {
        _ = try directory.makeFolder(Self.folderName)
        folder = try directory.folder(Self.folderName)
        name = "\(Self.prefix)\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        state = Mutex(State(descriptor: try Self.locked(name, in: folder)))
    }

    deinit {
        state.withLock { state in
            // Files still open stay in the journal, to be repaired by the next process.
            if state.open.isEmpty { folder.remove(name) }
            close(state.descriptor)
        }
    }

    /// Records that a file is about to be written.
    func open(_ path: String, kind: Kind) throws(FileError) {
        try state.withLock { state throws(FileError) in
            try append("open \(path) \(kind.rawValue)\n", state: &state)
            state.open[path] = kind
        }
    }

    /// Records that a file is complete. If that fails, the file is repaired once more, which changes nothing.
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
            // An incomplete line would run into the next one.
            if written > 0 { ftruncate(state.descriptor, off_t(state.bytes)) }
            throw error
        }
        state.bytes += written
    }

    /// Rewrites the journal with the files open now, so that it stays small in a server that runs for months.
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

    /// Creates the file under a name that repair ignores, locks it, and only then renames it: no other process can find
    /// it unlocked.
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
