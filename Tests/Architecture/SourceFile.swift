import Foundation

/// One Swift file of the package.
struct SourceFile {
    /// From the root of the package on, such as `Sources/Pure/Model/Signal.swift`.
    var path: String
    var text: String

    /// The files of the package below Sources or Tests.
    static func all(below folder: String) throws -> [SourceFile] {
        let folderURL = Manifest.root.appending(path: folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folderURL.path)
        return try paths.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("Fuzz/") }.sorted().map {
            SourceFile(
                path: "\(folder)/\($0)", text: try String(contentsOf: folderURL.appending(path: $0), encoding: .utf8))
        }
    }

    /// The modules that the file imports.
    var imports: [String] {
        text.split(separator: "\n").compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            words.removeAll {
                $0.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains($0)
            }
            guard words.first == "import", words.count >= 2 else { return nil }
            // `import struct Foundation.Data`
            let name =
                ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"].contains(words[1])
                ? words.dropFirst(2).first : words[1]
            return name?.split(separator: ".").first.map(String.init)
        }
    }

    /// The text without comments; string literals stay.
    var code: String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
    }
}
