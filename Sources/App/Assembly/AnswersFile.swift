import Foundation
package import SidetoneCallControl
import SidetoneModel
import Yams

/// Reads which document answers which number: one JSON document for every call, or a YAML file of rules.
///
///     answers:
///       - called: "+4930111222"
///         document: minivoice/template.json  # beside this file
///       - called: "*"
///         document: swml/template.json
package enum AnswersFile {
    /// - Parameters:
    ///   - path: of a `.json` document, or of a YAML file.
    ///   - values: that fill the documents' placeholders; each document is filled once, so that what is wrong shows now.
    /// - Throws: `SettingsError` with every problem of the file and of its documents.
    package static func read(_ path: String, values: [String: String]) throws(SettingsError) -> AnswerRules {
        var reader = SettingsReader(file: path)
        let rules: [AnswerRule]
        if path.hasSuffix(".json") {
            let template = template(path, values, 1, "", &reader)
            rules = template.map { [AnswerRule(called: "*", template: $0)] } ?? []
        } else {
            rules = read(path, values, &reader)
        }
        guard reader.problems.isEmpty else { throw SettingsError(reader.problems.sorted { $0.line < $1.line }) }
        do throws(Findings) { return try AnswerRules(rules) } catch {
            throw SettingsError(error.all.map { Problem(file: path, line: 1, path: "", detail: $0.description) })
        }
    }

    private static func read(_ path: String, _ values: [String: String], _ reader: inout SettingsReader) -> [AnswerRule]
    {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            reader.note(1, "", "cannot be read; it takes a YAML file with answers, or a JSON document")
            return []
        }
        guard let root = try? Yams.compose(yaml: text), let pairs = reader.pairs(root, "") else {
            reader.note(1, "", "is not YAML; write answers: and below it - called: \"*\" and document: FILE")
            return []
        }
        var rules: [AnswerRule] = []
        for (name, node) in pairs {
            guard name == "answers" else {
                reader.unknown(name, among: ["answers"], reader.line(node), "", "part of an answers file")
                continue
            }
            guard let items = node.sequence else {
                reader.note(reader.line(node), name, "is not a list; write - called: \"*\" and document: FILE")
                continue
            }
            for item in items {
                if let rule = rule(item, beside: path, values, &reader) { rules.append(rule) }
            }
        }
        if rules.isEmpty, reader.problems.isEmpty {
            reader.note(1, "answers", "is empty; name at least one document: - called: \"*\" and document: FILE")
        }
        return rules
    }

    private static func rule(
        _ item: Node, beside path: String, _ values: [String: String], _ reader: inout SettingsReader
    ) -> AnswerRule? {
        let line = reader.line(item)
        let entries = reader.entries(item, "answers")
        var called: String?
        var document: String?
        for entry in entries {
            switch (entry.name, entry.value) {
            case ("called", .text(let text)): called = text
            case ("document", .text(let text)): document = text
            case ("called", _), ("document", _):
                reader.note(entry.line, "answers.\(entry.name)", "is \(entry.value); put it in quotation marks")
            default: reader.unknown(entry.name, among: ["called", "document"], entry.line, "answers", "setting")
            }
        }
        guard let called, let document else {
            reader.note(line, "answers", "has an entry without called or document; it takes both")
            return nil
        }
        let file =
            document.hasPrefix("/")
            ? document : URL(filePath: path).deletingLastPathComponent().appending(path: document).path
        return template(file, values, line, "answers.document", &reader).map {
            AnswerRule(called: called, template: $0)
        }
    }

    private static func template(
        _ path: String, _ values: [String: String], _ line: Int, _ setting: String, _ reader: inout SettingsReader
    ) -> DocumentTemplate? {
        guard let data = FileManager.default.contents(atPath: path) else {
            reader.note(line, setting, "\(path) cannot be read; name a JSON document")
            return nil
        }
        do throws(Findings) {
            let template = try DocumentTemplate(Array(data))
            _ = try template.document(filling: values.merging(["call_id": "call", "called": "number"]) { $1 })
            return template
        } catch {
            for finding in error.all { reader.note(line, setting, "\(path): \(finding)") }
            return nil
        }
    }
}
