import Foundation
import SidetoneCallControl
package import SidetoneJSON
import SidetoneModel
import Yams

/// Validates one file without running it: a pipeline file, an action document or SWML, distinguished by content.
package struct FileCheck: Sendable {
    /// The detected kind of the file.
    package enum Kind: String, Sendable {
        case pipeline = "pipeline file"
        case actions = "action document"
        case swml = "SWML"
        case unknown
    }

    /// Its name in messages.
    package var file: String
    package var kind: Kind
    package var diagnostics = Diagnostics()
    /// Whether an `answer_url` that answers with this receives the platform's error.
    package var isAnswer = false

    /// Remarks about this machine that are not problems of the file.
    package var warnings: [String] = []

    package var isClean: Bool { diagnostics.isEmpty }

    /// - Parameter file: a path, or `-` for standard input.
    package static func read(_ file: String, limits: DocumentLimits = .standard) -> FileCheck {
        let name = file == "-" ? "standard input" : file
        guard let bytes = InputBytes.read(file, upTo: limits.bytes + 1) else {
            let problem = Diagnostic(
                file: name, line: 1,
                wrong: "cannot be read; expected a pipeline file, an action document or SWML, or - for standard input")
            return FileCheck(file: name, kind: .unknown, diagnostics: Diagnostics(problem))
        }
        return read(bytes, file: name, limits: limits)
    }

    /// - Parameter file: its name in messages; its extension matters only for files that cannot be parsed.
    package static func read(_ bytes: [UInt8], file: String, limits: DocumentLimits = .standard) -> FileCheck {
        var diagnostics = Diagnostics()
        let isYAML = file.hasSuffix(".yaml") || file.hasSuffix(".yml")
        if bytes.count > limits.bytes || (beginsAsJSON(bytes) && !isYAML) {
            let value = JSONReader.read(bytes, limits: limits, into: &diagnostics)
            guard let value else {
                return FileCheck(file: file, kind: .unknown, diagnostics: diagnostics.inFile(file), isAnswer: true)
            }
            return read(value, text: bytes, file: file, limits: limits, found: diagnostics, isJSON: true)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        // The reader of pipeline files reports invalid YAML and empty files with a line number.
        guard let node = try? Yams.compose(yaml: text) else { return pipeline(text, file: file) }
        let names: [String] = node.mapping?.compactMap { $0.key.string } ?? []
        guard kind(of: names) != .pipeline else { return pipeline(text, file: file) }
        do throws(Diagnostic) {
            let value = try YAMLDocument.json(node, limits: limits)
            return read(value, text: bytes, file: file, limits: limits, found: diagnostics, isJSON: false)
        } catch {
            return FileCheck(file: file, kind: .unknown, diagnostics: Diagnostics(error.inFile(file)))
        }
    }

    private static func read(
        _ value: JSONValue, text: [UInt8], file: String, limits: DocumentLimits, found: Diagnostics, isJSON: Bool
    ) -> FileCheck {
        var diagnostics = found
        guard case .object(let object) = value else {
            diagnostics.add(
                neither("is \(value.kind)", remedy: "write a map with the parts of a call or of a pipeline"))
            return FileCheck(file: file, kind: .unknown, diagnostics: diagnostics.inFile(file), isAnswer: isJSON)
        }
        let names = object.members.map(\.name)
        switch kind(of: names) {
        case .pipeline: return pipeline(String(decoding: text, as: UTF8.self), file: file)
        case .unknown:
            let word = names.lazy.compactMap { NearestWord.of($0, in: words.map(\.word)) }.first
            diagnostics.add(
                neither(
                    "has none of the parts of a known document",
                    remedy: word.map { "did you mean \"\($0)\"?" } ?? "add the missing part"))
            return FileCheck(file: file, kind: .unknown, diagnostics: diagnostics.inFile(file), isAnswer: isJSON)
        case let kind:
            _ = CallDocument.read(value, limits: limits, into: &diagnostics)
            return FileCheck(file: file, kind: kind, diagnostics: diagnostics.inFile(file), isAnswer: kind == .actions)
        }
    }

    private static func pipeline(_ text: String, file: String) -> FileCheck {
        do throws(Diagnostics) {
            let settings = try PipelineFile.read(text: text, file: file)
            let warning = settings.source.flatMap { _ in
                DescriptorBudget(settings, limit: DescriptorBudget.currentLimit).warning
            }
            return FileCheck(file: file, kind: .pipeline, warnings: warning.map { [$0] } ?? [])
        } catch {
            return FileCheck(file: file, kind: .pipeline, diagnostics: error)
        }
    }

    private static func neither(_ wrong: String, remedy: String) -> Diagnostic {
        Diagnostic(
            .missing, at: JSONPath(), wrong: wrong,
            allowed: "a map with \"actions\" (MiniVoice), \"sections\" (SWML), or \"sources\", \"stages\", \"sinks\" "
                + "(a pipeline file)", remedy: remedy)
    }

    /// The first of these keys that a file has determines its kind.
    private static let words: [(word: String, kind: Kind)] = [
        ("actions", .actions), ("sections", .swml), ("sources", .pipeline), ("stages", .pipeline), ("sinks", .pipeline),
    ]

    private static func kind(of names: [String]) -> Kind {
        words.first { names.contains($0.word) }?.kind ?? .unknown
    }

    static func beginsAsJSON(_ bytes: [UInt8]) -> Bool {
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}
