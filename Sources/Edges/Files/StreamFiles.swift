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
    /// What each name carries until all results of the stream's input are complete; empty for a live stream, whose files
    /// are readable at any moment and are repaired from the journal.
    private let suffix: String
    private let inputs: Set<FileIdentity>
    private var open: [OutputFile] = []

    /// - Parameters:
    ///   - isProvisional: whether the files carry `.partial` until `OutputFolders.completeResults` renames them.
    ///   - inputs: files that must not be overwritten.
    init(
        folders: OutputFolders, folder: Folder, path: String, journal: Journal, isProvisional: Bool,
        inputs: Set<FileIdentity>, logger: Logger
    ) {
        self.folders = folders
        self.folder = folder
        self.path = path
        self.journal = journal
        suffix = isProvisional ? ResultFile.suffix : ""
        self.inputs = inputs
        self.logger = logger
    }

    /// Makes a file that is written bit by bit; it is in the journal until it is closed.
    func create(_ name: String, kind: Journal.Kind) throws(FileError) -> OutputFile {
        try checkName(name)
        return try make(name + suffix, kind: kind)
    }

    /// What is analysed is never overwritten by its results.
    private func checkName(_ name: String) throws(FileError) {
        guard !inputs.isEmpty, let identity = folder.identity(name), inputs.contains(identity) else { return }
        throw FileError(
            .nameTaken, "\(folder.path)/\(name)", "is an input of this run; choose another output directory with -o")
    }

    private func make(_ name: String, kind: Journal.Kind) throws(FileError) -> OutputFile {
        if !suffix.isEmpty { folder.remove(name) }
        try journal.open("\(path)/\(name)", kind: kind)
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
    func writeWhole(_ name: String, bytes: [UInt8], lasts: Bool = false) throws(FileError) {
        try checkName(name)
        let early = try make("\(name).new", kind: .temporary)
        do throws(FileError) {
            try early.append(bytes)
            if lasts { try early.synchronize() }
            try folder.rename(early.name, to: name + suffix)
            try close(early)
        } catch {
            folder.remove(early.name)
            throw error
        }
    }

    /// After a failure: what was written whole is kept under a name that says so, `inbound.partial.wav`; a name that
    /// carries `.partial` already keeps it.
    ///
    /// - Returns: the names that the files would have.
    @discardableResult
    func abandon() -> [String] {
        defer { open = [] }
        for file in open {
            file.cutToWhole()
            try? file.close()
            guard suffix.isEmpty else {
                journal.closed("\(path)/\(file.name)")
                continue
            }
            let end = file.name.lastIndex(of: ".") ?? file.name.endIndex
            let partial = "\(file.name[..<end]).partial\(file.name[end...])"
            // When even that fails, the journal keeps the file open, and the next start repairs it.
            guard (try? folder.rename(file.name, to: partial)) != nil else { continue }
            journal.closed("\(path)/\(file.name)")
        }
        return open.map { String($0.name.dropLast(suffix.count)) }
    }
}
