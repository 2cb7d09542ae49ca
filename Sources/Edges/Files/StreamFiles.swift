import Logging

/// The files of one stream written by one sink.
final package class StreamFiles {
    let logger: Logger
    /// Used to find the stream's files again once these are closed.
    let folders: OutputFolders
    private let folder: Folder
    /// Below the output directory.
    private let path: String
    private let journal: Journal
    /// The suffix of each name until all results of the stream's input are complete; empty for a live stream, whose files
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

    /// Creates a file that grows; it is in the journal until it is closed.
    func create(_ name: String, kind: Journal.Kind) throws(FileError) -> OutputFile {
        try checkName(name)
        return try make(name + suffix, kind: kind)
    }

    /// Results never overwrite the inputs of the run.
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

    /// Closes a complete file.
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

    /// Writes a file atomically: it exists completely or not at all.
    ///
    /// - Parameter lasts: whether it must also survive a loss of power; waits for the disk.
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

    /// After a failure: the valid part is kept under a name like `inbound.partial.wav`; a name that already carries
    /// `.partial` is not changed.
    ///
    /// - Returns: the regular names of the files.
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
            // If that fails as well, the file stays in the journal and is repaired at the next start.
            guard (try? folder.rename(file.name, to: partial)) != nil else { continue }
            journal.closed("\(path)/\(file.name)")
        }
        return open.map { String($0.name.dropLast(suffix.count)) }
    }
}
