import Foundation

/// The rules of the module graph, read from the sources themselves.
///
/// A module that is not declared compiles by accident when it happens to be built; so the imports are read, not the
/// manifest trusted.
struct SourceRules {
    static let floors = ["Pure", "Runtime", "Edges", "App"]
    /// Modules of Pure that write and read JSON.
    static let foundationInPure: Set<String> = ["Dialects", "CallControl"]
    /// Modules of Pure that may name unsafe types, under a proof.
    static let unsafeInPure: Set<String> = ["DSP", "Codecs"]

    /// One source file: its floor, its module and its text.
    struct File {
        var path: String
        var text: String
        var floor: String { part(0) }
        var module: String { part(1) }

        private func part(_ n: Int) -> String {
            let parts = path.split(separator: "/")
            return n < parts.count ? String(parts[n]) : ""
        }
    }

    let files: [File]
    /// The targets that a module's line in Package.swift names, by the module's name; nil: not checked.
    let declared: [String: Set<String>]?
    private let floorOf: [String: String]

    /// - Parameters:
    ///   - files: with paths from `Sources` on, such as `Pure/Model/Signal.swift`.
    init(files: [File], declared: [String: Set<String>]? = nil) {
        self.files = files
        self.declared = declared
        floorOf = Dictionary(files.map { ("Sidetone\($0.module)", $0.floor) }) { first, _ in first }
    }

    /// Every breach, as `path: what is wrong`, in the order of the files.
    func breaches() -> [String] {
        files.flatMap { file in
            (Self.imports(of: file.text).compactMap { breach(of: file, importing: $0) } + unsafeNames(in: file))
                .map { "\(file.path): \($0)" }
        }
    }

    /// The modules that a file imports.
    static func imports(of text: String) -> [String] {
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

    private func breach(of file: File, importing module: String) -> String? {
        if ["Foundation", "FoundationEssentials"].contains(module), file.floor == "Pure" {
            return Self.foundationInPure.contains(file.module) ? nil : "Pure imports \(module) only for JSON"
        }
        if module.hasPrefix("NIO"), file.floor == "Pure" { return "Pure imports no \(module)" }
        guard module.hasPrefix("Sidetone") else { return nil }
        guard let floor = floorOf[module] else { return "\(module) is no module of Sources" }
        if let declared, let known = declared["Sidetone\(file.module)"], !known.contains(module) {
            return "\(module) is not declared for Sidetone\(file.module) in Package.swift"
        }
        if module == "Sidetone\(file.module)" { return "a module does not import itself" }
        if file.floor == "Testing" { return nil }
        if floor == "Testing" { return "\(module) is for tests" }
        guard let own = Self.floors.firstIndex(of: file.floor), let other = Self.floors.firstIndex(of: floor) else {
            return "\(file.floor) or \(floor) is no floor"
        }
        if other > own { return "\(file.floor) imports \(module) of \(floor), a floor above it" }
        if floor == "Edges", own == other { return "edges never import one another: \(module)" }
        return nil
    }

    private func unsafeNames(in file: File) -> [String] {
        if file.floor == "Pure", Self.unsafeInPure.contains(file.module) { return [] }
        let mayCallC = file.floor == "Edges" && file.module == "Files"
        let words = Set(file.text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.map(String.init))
        return words.sorted().compactMap { word in
            if word.hasPrefix("Unsafe"), word.contains("Pointer"), !mayCallC { return "names \(word)" }
            return nil
        } + (file.text.contains("@unchecked Sendable") ? ["is @unchecked Sendable"] : [])
    }

    // MARK: Reading the package

    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// All sources of this package but those of System, which are headers.
    static func filesOfPackage() throws -> [File] {
        let sources = package.appending(path: "Sources")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path())
        return try paths.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("System/") }.sorted().map { path in
            File(path: path, text: try String(contentsOf: sources.appending(path: path), encoding: .utf8))
        }
    }

    /// The `module(…)` lines of a manifest: which modules of ours each declares.
    static func declarations(in manifest: String) -> [String: Set<String>] {
        var declared: [String: Set<String>] = [:]
        for part in manifest.components(separatedBy: "module(").dropFirst() {
            // Up to the line that begins the next target.
            let names = quoted(in: part.components(separatedBy: "tests(")[0])
            guard names.count >= 2, floors.contains(names[0]) || names[0] == "Testing" else { continue }
            declared["Sidetone\(names[1])"] = Set(names.dropFirst(2).filter { $0.hasPrefix("Sidetone") })
        }
        return declared
    }

    private static func quoted(in text: String) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }
}
