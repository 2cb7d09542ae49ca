import Logging

/// The files that one sink writes of one stream.
final package class StreamFiles {
    let logger: Logger
    /// Where the stream's files are found again, once these are closed.
    let folders: OutputFolders
    private let folder: Folder
    /// Below the output directory.
    private let path: String
    private let journal: Journal
    private let replaces: Bool
    private var open: [OutputFile] = []

    init(folders: OutputFolders, folder: Folder, path: String, journal: Journal, replaces: Bool, logger: Logger) {
        self.folders = folders
        self.folder = folder
        self.path = path
        self.journal = journal
        self.replaces = replaces
        self.logger = logger
    }

    /// Makes a file that is written bit by bit; it is in the journal until it is closed.
    func create(_ name: String, _ kind: Journal.Kind) throws(FileError) -> OutputFile {
        if replaces { folder.remove(name) }
        try journal.open("\(path)/\(name)", kind)
        do throws(FileError) {
            let descriptor = try folder.makeFile(name)
            let file = OutputFile(name: name, path: "\(folder.path)/\(name)", descriptor: descriptor)
            open.append(file)
            return file
        } catch {
            journal.closed("\(path)/\(name)")
            throw error
        }
    }

    /// Closes a file that is whole.
    func close(_ file: OutputFile) throws(FileError) {
        try file.close()
        open.removeAll { $0 === file }
        journal.closed("\(path)/\(file.name)")
    }

    /// Closes a file and removes it.
    func discard(_ file: OutputFile) throws(FileError) {
        folder.remove(file.name)
        try close(file)
    }

    /// Writes a file that is there whole or not at all.
    ///
    /// - Parameter lasts: whether it must survive a loss of power, too; waits for the disk.
    func writeWhole(_ name: String, _ bytes: [UInt8], lasts: Bool = false) throws(FileError) {
        let early = try create("\(name).new", .temporary)
        do throws(FileError) {
            try early.append(bytes)
            if lasts { try early.synchronize() }
            try folder.rename(early.name, to: name)
            try close(early)
        } catch {
            folder.remove(early.name)
            throw error
        }
    }

    /// After a failure: what was written whole is kept under a name that says so, `inbound.partial.wav`.
    ///
    /// - Returns: the names that the files would have.
    @discardableResult
    func abandon() -> [String] {
        defer { open = [] }
        for file in open {
            file.cutToWhole()
            try? file.close()
            let end = file.name.lastIndex(of: ".") ?? file.name.endIndex
            let partial = "\(file.name[..<end]).partial\(file.name[end...])"
            if replaces { folder.remove(partial) }
            // When even that fails, the journal keeps the file open, and the next start repairs it.
            guard (try? folder.rename(file.name, to: partial)) != nil else { continue }
            journal.closed("\(path)/\(file.name)")
        }
        return open.map(\.name)
    }
}
