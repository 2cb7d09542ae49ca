import Foundation
import SidetoneConfiguration
package import SidetoneFiles
package import SidetoneJSON
import SidetoneModel

/// One input to analyse.
package struct AnalysisInput: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A file that libsndfile reads.
        case audio
        /// Headerless samples.
        case raw(RawLayout)
        /// The messages of a stream, written by the capture sink.
        case capture
        /// An input that cannot be analysed as requested: the reason and a remedy.
        case refused(String)
    }

    package var path: String
    /// The name of its results, unique within a run.
    package var name: String
    package var kind: Kind
    /// Segment numbers that would collide with another input's name.
    var takenSegments: Set<Int> = []

    /// The name of the results of one of its streams: a capture in which a stream restarts contains several.
    /// - Parameter number: from 1; the first stream has the input's name. The others have a number from 2, chosen to
    ///   avoid collisions with other inputs of the run.
    func name(ofSegment number: Int) -> String {
        guard number > 1 else { return name }
        var suffix = 1
        for _ in 1..<number {
            suffix += 1
            while takenSegments.contains(suffix) { suffix += 1 }
        }
        return "\(name)-\(suffix)"
    }

    /// The inputs found at the given paths.
    package struct Found: Sendable {
        package var inputs: [AnalysisInput] = []
        /// Files in the given folders that are not analysed.
        package var skipped: [String] = []
    }

    /// Finds the inputs at the given paths: files, and the contents of folders. Names are assigned before the inputs
    /// are divided into shards, so every shard of a run uses the same name for an input.
    /// - Parameter raw: the coding of headerless files; nil derives it from each file's name.
    /// - Throws: `Diagnostics` for paths that do not exist, and folders without inputs.
    package static func find(_ paths: [String], raw: RawLayout?) throws(Diagnostics) -> Found {
        var problems: [Diagnostic] = []
        var files: [(path: String, name: String, kind: Kind)] = []
        var found = Found()
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                problems.append(Diagnostic(file: path, line: 1, wrong: "does not exist"))
                continue
            }
            guard isFolder.boolValue else {
                files.append((path, stem(of: path), InputFormat.kind(ofNamed: path, raw: raw)))
                continue
            }
            let contents = contents(of: path, raw: raw)
            if contents.files.isEmpty {
                problems.append(
                    Diagnostic(
                        file: path, line: 1,
                        wrong:
                            "contains nothing to analyse; supported: audio files, headerless files with a name such as "
                            + "call.ulaw, and captures"))
            }
            files += contents.files
            found.skipped += contents.skipped
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        let names = uniqueNames(files.map(\.name))
        let taken = segmentNumbers(in: names)
        found.inputs = zip(files, names).map { file, name in
            AnalysisInput(path: file.path, name: name, kind: file.kind, takenSegments: taken[name] ?? [])
        }
        return found
    }

    /// The numbers that other inputs' names append to an input's name.
    private static func segmentNumbers(in names: [String]) -> [String: Set<Int>] {
        let known = Set(names)
        var taken: [String: Set<Int>] = [:]
        for name in names {
            guard let dash = name.lastIndex(of: "-"), let number = Int(name[name.index(after: dash)...]) else {
                continue
            }
            let stem = String(name[..<dash])
            if known.contains(stem), "\(stem)-\(number)" == name { taken[stem, default: []].insert(number) }
        }
        return taken
    }

    /// Numbers the second and later inputs of the same name, avoiding collisions with other names.
    static func uniqueNames(_ names: [String]) -> [String] {
        var taken = Set(names)
        var isGiven: Set<String> = []
        return names.map { name in
            guard !isGiven.insert(name).inserted else { return name }
            var number = 2
            while !taken.insert("\(name)-\(number)").inserted { number += 1 }
            return "\(name)-\(number)"
        }
    }

    private static func contents(
        of folder: String, raw: RawLayout?
    ) -> (files: [(path: String, name: String, kind: Kind)], skipped: [String]) {
        let entries = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        var files: [(path: String, name: String, kind: Kind)] = []
        var skipped: [String] = []
        for entry in entries.sorted() where !entry.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            let path = URL(filePath: folder).appending(path: entry).path
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            guard let kind = InputFormat.kind(ofFound: path, raw: raw) else {
                skipped.append(path)
                continue
            }
            // The folders in between are part of the name, to keep files of the same name distinct.
            let parts = entry.split(separator: "/").dropLast().joined(separator: "-")
            let isCapture = URL(filePath: entry).lastPathComponent == captureName
            let name = isCapture ? (parts.isEmpty ? "capture" : parts) : stem(of: entry)
            files.append((path, parts.isEmpty || isCapture ? name : "\(parts)-\(name)", kind))
        }
        return (files, skipped)
    }

    private static let captureName = "capture.jsonl"

    private static func stem(of path: String) -> String {
        let url = URL(filePath: path)
        guard url.lastPathComponent == captureName else { return url.deletingPathExtension().lastPathComponent }
        // A capture is named after its folder.
        let folder = url.deletingLastPathComponent().lastPathComponent
        return folder.isEmpty || folder == "." || folder == "/" ? "capture" : folder
    }
}
