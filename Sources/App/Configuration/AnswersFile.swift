import Foundation
package import SidetoneCallControl
package import SidetoneJSON
import SidetoneModel
import Yams

/// Reads the documents that answer calls: one document for every call, or a YAML file of rules by called number.
/// Documents are JSON or YAML.
///
///     answer_documents:
///       - called: "+4930111222"
///         document: minivoice/template.json  # beside this file
///       - called: "*"
///         document: swml/template.yaml
package struct AnswersFile {
    private static let part = "answer_documents"
    private static let example = "- called: \"*\" and document: FILE"

    private let values: [String: String]
    private let allowsStaticSecrets: Bool
    private let path: String
    private var reader: SettingsReader

    /// - Parameters:
    ///   - path: of a document, or of a YAML file of rules.
    /// - values: for the documents' placeholders; each document is filled once to find problems early.
    /// - allowsStaticSecrets: false if requests need no signature, because anybody could then fetch the secrets.
    /// - Throws: `Diagnostics` with every problem of the file and of its documents.
    package static func read(
        _ path: String, values: [String: String], allowsStaticSecrets: Bool = false
    ) throws(Diagnostics) -> AnswerRules {
        var file = AnswersFile(
            values: values, allowsStaticSecrets: allowsStaticSecrets, path: path, reader: SettingsReader(file: path))
        let rules = file.rules()
        guard file.reader.diagnostics.isEmpty else {
            throw file.reader.diagnostics.sortedByLine()
        }
        do throws(Diagnostics) { return try AnswerRules(rules) } catch {
            throw Diagnostics(error.all.map { Diagnostic(file: path, line: 1, wrong: $0.description) })
        }
    }

    private mutating func rules() -> [AnswerRule] {
        guard let bytes = FileManager.default.contents(atPath: path).map({ Array($0) }) else {
            reader.record(
                1, path: "",
                detail: "cannot be read; expected a document in JSON or YAML, or a YAML file with \(Self.part)"
            )
            return []
        }
        guard !path.hasSuffix(".json"), !FileCheck.beginsAsJSON(bytes) else { return single(bytes) }
        guard let root = try? Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)),
            let pairs = reader.pairs(root, path: "")
        else {
            reader.record(1, path: "", detail: "is not YAML; write \(Self.part): followed by \(Self.example)")
            return []
        }
        guard !pairs.contains(where: { ["actions", "sections"].contains($0.name) }) else { return single(bytes) }
        var rules: [AnswerRule] = []
        for (name, node) in pairs {
            guard name == Self.part else {
                reader.unknown(
                    name, among: [Self.part], line: reader.line(node), path: "", kind: "part of an answers file")
                continue
            }
            guard let items = node.sequence else {
                reader.record(reader.line(node), path: name, detail: "is not a list; write \(Self.example)")
                continue
            }
            for item in items {
                if let rule = rule(item) { rules.append(rule) }
            }
        }
        if rules.isEmpty, reader.diagnostics.isEmpty {
            reader.record(1, path: Self.part, detail: "is empty; add at least one document: \(Self.example)")
        }
        return rules
    }

    /// The file is the document for every call.
    private mutating func single(_ bytes: [UInt8]) -> [AnswerRule] {
        template(bytes, file: path, line: 1, setting: "").map { [AnswerRule(called: "*", template: $0)] } ?? []
    }

    private mutating func rule(_ item: Node) -> AnswerRule? {
        let line = reader.line(item)
        var called: String?
        var document: String?
        for entry in reader.entries(item, path: Self.part) {
            switch (entry.name, entry.value) {
            case ("called", .text(let text)): called = text
            case ("document", .text(let text)): document = text
            case ("called", _), ("document", _):
                reader.record(
                    entry.line, path: "\(Self.part).\(entry.name)",
                    detail: "is \(entry.value); put it in quotation marks")
            default:
                reader.unknown(
                    entry.name, among: ["called", "document"], line: entry.line, path: Self.part, kind: "setting")
            }
        }
        guard let called, let document else {
            reader.record(line, path: Self.part, detail: "has an entry without called or document; both are required")
            return nil
        }
        let file =
            document.hasPrefix("/")
            ? document : URL(filePath: path).deletingLastPathComponent().appending(path: document).path
        let setting = "\(Self.part).document"
        guard let bytes = FileManager.default.contents(atPath: file) else {
            reader.record(line, path: setting, detail: "\(file) cannot be read; expected a document in JSON or YAML")
            return nil
        }
        return template(Array(bytes), file: file, line: line, setting: setting).map {
            AnswerRule(called: called, template: $0)
        }
    }

    private mutating func template(_ bytes: [UInt8], file: String, line: Int, setting: String) -> DocumentTemplate? {
        do throws(Diagnostics) {
            let template = try DocumentTemplate(YAMLDocument.bytes(of: bytes))
            _ = try template.document(filling: values.merging(["call_id": "call", "called": "number"]) { $1 }) {
                "token"
            }
            if !allowsStaticSecrets, !template.staticSecrets.isEmpty { throw template.staticSecrets }
            return template
        } catch {
            for finding in error.all { reader.record(line, path: setting, detail: "\(file): \(finding)") }
            return nil
        }
    }
}
