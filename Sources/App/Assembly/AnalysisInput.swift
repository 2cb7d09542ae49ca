import Foundation
import SidetoneCodecs
public import SidetoneModel

/// One thing to analyse.
public struct AnalysisInput: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Anything that libsndfile reads.
        case audio
        /// Samples without a header.
        case raw(MediaFormat)
        /// The messages of a stream, as the capture sink wrote them.
        case capture
    }

    public var path: String
    /// What its results are called: unique among the inputs of a run.
    public var name: String
    public var kind: Kind

    /// What libsndfile commonly reads, by the names' ends.
    static let audioEndings: Set<String> = [
        "wav", "flac", "ogg", "oga", "opus", "mp3", "aif", "aiff", "aifc", "au", "snd", "caf", "w64", "rf64", "voc",
    ]

    /// Finds the inputs behind what a user named: files as they are, folders by what they hold.
    ///
    /// - Parameter raw: the format of files that have no header; nil to look at each file.
    /// - Throws: `SettingsError` for a path that does not exist, and a folder that holds nothing to analyse.
    public static func find(_ paths: [String], raw: MediaFormat?) throws(SettingsError) -> [AnalysisInput] {
        var problems: [Problem] = []
        var files: [(path: String, name: String)] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                problems.append(Problem(file: path, line: 1, path: "", detail: "does not exist"))
                continue
            }
            guard isFolder.boolValue else {
                files.append((path, stem(of: path)))
                continue
            }
            let found = contents(of: path, raw: raw != nil)
            if found.isEmpty {
                problems.append(
                    Problem(
                        file: path, line: 1, path: "",
                        detail: "holds nothing to analyse; it takes audio files and capture.jsonl"))
            }
            files += found
        }
        guard problems.isEmpty else { throw SettingsError(problems) }
        var names: [String: Int] = [:]
        return files.map { path, name in
            let count = (names[name] ?? 0) + 1
            names[name] = count
            return AnalysisInput(
                path: path, name: count == 1 ? name : "\(name)-\(count)",
                kind: path.hasSuffix(".jsonl") ? .capture : raw.map { .raw($0) } ?? .audio)
        }
    }

    private static func contents(of folder: String, raw: Bool) -> [(path: String, name: String)] {
        let entries = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return entries.sorted().compactMap { entry in
            let url = URL(filePath: entry)
            let isWanted =
                url.lastPathComponent == "capture.jsonl"
                || (raw ? url.pathExtension == "raw" : audioEndings.contains(url.pathExtension.lowercased()))
            guard isWanted, !entry.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return nil }
            let path = URL(filePath: folder).appending(path: entry).path
            // The folders between are part of the name, so that files of one name stay apart.
            let parts = entry.split(separator: "/").dropLast().joined(separator: "-")
            let name = entry.hasSuffix("capture.jsonl") ? (parts.isEmpty ? "capture" : parts) : stem(of: entry)
            return (path, parts.isEmpty || entry.hasSuffix("capture.jsonl") ? name : "\(parts)-\(name)")
        }
    }

    private static func stem(of path: String) -> String {
        let url = URL(filePath: path)
        guard url.lastPathComponent == "capture.jsonl" else { return url.deletingPathExtension().lastPathComponent }
        // A capture is known by the folder it lies in.
        let folder = url.deletingLastPathComponent().lastPathComponent
        return folder.isEmpty || folder == "." || folder == "/" ? "capture" : folder
    }
}
