import Glibc

/// The files that `analyze` leaves of one input, and how they get their names.
///
/// While an input is analysed its files carry `.partial`. Only once all of them are complete do they get their names,
/// `summary.json` as the last one: a process that is killed, a damaged input and a full disk leave nothing that could
/// pass for whole results.
package enum ResultFile {
    package static let suffix = ".partial"
    static let summary = "summary.json"
    /// Why an input could not be analysed.
    package static let failure = "failed.json"

    private static let names: Set<String> = Set(
        FileSinks.all.flatMap { $0.fileNames }.flatMap { [$0, partial($0)] } + [failure])

    /// `inbound.partial.wav`, as a sink names what it gave up.
    private static func partial(_ name: String) -> String {
        let end = name.lastIndex(of: ".") ?? name.endIndex
        return "\(name[..<end])\(suffix)\(name[end...])"
    }

    /// Whether a name in a result folder is one that a sink gave, so that the next run may remove it.
    static func isResult(_ name: String) -> Bool {
        names.contains(name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name)
            || name.hasSuffix(".new\(suffix)")
    }
}

extension OutputFolders {
    /// Before an input is analysed: removes what an earlier run left of it, the summary first.
    ///
    /// - Parameter name: of the input's folder.
    package func beginResults(of name: String) throws(FileError) {
        guard let folder = try existing(name) else { return }
        if !isInput(ResultFile.summary, in: folder) { folder.remove(ResultFile.summary) }
        for file in folder.names() where ResultFile.isResult(file) && !isInput(file, in: folder) {
            folder.remove(file)
        }
    }

    /// All results of an input are written and closed: gives them their names, the summary last.
    package func completeResults(of name: String) throws(FileError) {
        // No sink of this directory may have written anything of the input.
        guard let folder = try existing(name) else { return }
        let partial = folder.names().filter { $0.hasSuffix(ResultFile.suffix) && ResultFile.isResult($0) }
        let summary = ResultFile.summary + ResultFile.suffix
        for file in partial.filter({ $0 != summary }) + partial.filter({ $0 == summary }) {
            try folder.rename(file, to: String(file.dropLast(ResultFile.suffix.count)))
        }
    }

    /// Whether a folder holds results that are not complete.
    package func holdsPartialResults(of name: String) -> Bool {
        guard let folder = try? below([name]) else { return false }
        return folder.names().contains { $0.hasSuffix(ResultFile.suffix) && ResultFile.isResult($0) }
    }

    /// Leaves a mark beside the partial results of an input that could not be analysed.
    ///
    /// - Parameter json: what the mark says.
    package func failResults(of name: String, json: [UInt8]) throws(FileError) {
        let top = try Folder.at(directory, makes: true)
        _ = try top.makeFolder(name)
        let folder = try top.folder(name)
        guard !isInput(ResultFile.failure, in: folder) else { return }
        folder.remove(ResultFile.failure)
        let descriptor = try folder.makeFile(ResultFile.failure)
        let file = OutputFile(
            name: ResultFile.failure, path: "\(folder.path)/\(ResultFile.failure)", descriptor: descriptor)
        try file.append(json)
        try file.close()
    }

    /// Whether a folder holds the whole results of an input as it is now.
    ///
    /// - Parameters:
    ///   - name: of the input's folder below `directory`.
    ///   - hasSummary: whether the directory is one that summaries are written to.
    ///   - input: the input's path; results that are older than it are of another one.
    package static func hasCompleteResults(
        of name: String, in directory: String, hasSummary: Bool, input: String
    ) -> Bool {
        guard let top = try? Folder.at(directory, makes: false), let folder = try? top.folder(name) else {
            return false
        }
        let names = folder.names()
        guard !names.contains(where: { $0.hasSuffix(ResultFile.suffix) || $0 == ResultFile.failure }) else {
            return false
        }
        guard hasSummary else { return !names.isEmpty }
        var status = stat()
        guard let written = folder.modified(ResultFile.summary), stat(input, &status) == 0 else { return false }
        return written >= status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }

    private func existing(_ name: String) throws(FileError) -> Folder? {
        do throws(FileError) { return try below([name]) } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    private func isInput(_ name: String, in folder: Folder) -> Bool {
        folder.identity(name).map { inputs.contains($0) } ?? false
    }
}
