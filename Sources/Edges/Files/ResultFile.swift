import Glibc

/// The files that `analyze` writes for one input, and their names.
///
/// While an input is analysed, its files carry `.partial`. They are renamed once all of them are complete, `summary.json`
/// last: a killed process, a damaged input and a full disk never leave files that could be mistaken for complete results.
package enum ResultFile {
    package static let suffix = ".partial"
    static let summary = "summary.json"
    /// Why an input could not be analysed.
    package static let failure = "failed.json"

    private static let names: Set<String> = Set(
        FileSinks.all.flatMap { $0.fileNames }.flatMap { [$0, partial($0)] } + [failure])

    /// `inbound.partial.wav`, the name of a file that a sink abandoned.
    private static func partial(_ name: String) -> String {
        let end = name.lastIndex(of: ".") ?? name.endIndex
        return "\(name[..<end])\(suffix)\(name[end...])"
    }

    /// Whether a name in a result folder was given by a sink, so that the next run may remove the file.
    static func isResult(_ name: String) -> Bool {
        names.contains(name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name)
            || name.hasSuffix(".new\(suffix)")
    }
}

extension OutputFolders {
    /// Before an input is analysed: removes the results of an earlier run, the summary first.
    ///
    /// - Parameter name: the name of the input's folder.
    package func beginResults(of name: String) throws(FileError) {
        guard let folder = try existing(name) else { return }
        if !isInput(ResultFile.summary, in: folder) { folder.remove(ResultFile.summary) }
        for file in folder.names() where ResultFile.isResult(file) && !isInput(file, in: folder) {
            folder.remove(file)
        }
    }

    /// Renames the results of an input once all are written and closed, the summary last.
    package func completeResults(of name: String) throws(FileError) {
        // It is possible that no sink wrote a file of this input here.
        guard let folder = try existing(name) else { return }
        let partial = folder.names().filter { $0.hasSuffix(ResultFile.suffix) && ResultFile.isResult($0) }
        let summary = ResultFile.summary + ResultFile.suffix
        for file in partial.filter({ $0 != summary }) + partial.filter({ $0 == summary }) {
            try folder.rename(file, to: String(file.dropLast(ResultFile.suffix.count)))
        }
    }

    /// Whether a folder holds incomplete results.
    package func holdsPartialResults(of name: String) -> Bool {
        guard let folder = try? below([name]) else { return false }
        return folder.names().contains { $0.hasSuffix(ResultFile.suffix) && ResultFile.isResult($0) }
    }

    /// Writes `failed.json` beside the partial results of an input that could not be analysed.
    ///
    /// - Parameter json: its content.
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

    /// Whether a folder holds complete and current results of an input.
    ///
    /// - Parameters:
    ///   - name: the name of the input's folder below `directory`.
    ///   - hasSummary: whether a summary is written to the directory.
    ///   - input: the input's path; results older than it belong to another version.
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
