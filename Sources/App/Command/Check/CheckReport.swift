import SidetoneCallControl
package import SidetoneConfiguration
import SidetoneJSON

/// The results of several files, as text and as JSON.
package struct CheckReport: Sendable {
    package var checks: [FileCheck]

    package init(_ checks: [FileCheck]) { self.checks = checks }

    package var isClean: Bool { checks.allSatisfy(\.isClean) }

    /// One line per problem, and one per file without problems.
    package var lines: [String] {
        checks.flatMap { check -> [String] in
            guard !check.isClean else {
                return ["\(check.file): \(check.kind.rawValue), no problems found"]
                    + check.warnings.map { "\(check.file): warning: \($0)" }
            }
            let omitted = check.diagnostics.omitted
            return check.diagnostics.all.map(\.description)
                + (omitted > 0 ? ["\(check.file): and at least \(omitted) more"] : [])
        }.map { PrintableText.escaped($0, keepsLines: false) }
    }

    /// One object. For a document that would be an invalid answer of an `answer_url`, it includes the platform's
    /// `error`.
    package var json: String {
        var members: [JSONMember] = []
        if checks.contains(where: { $0.isAnswer && !$0.isClean }) {
            members.append(JSONMember("error", Self.json(.answerURL)))
        }
        let all = checks.flatMap(\.diagnostics.all)
        members.append(JSONMember("findings", .list(all.filter { $0.allowed != nil }.map { Self.json($0) })))
        members.append(JSONMember("problems", .list(all.filter { $0.allowed == nil }.map { Self.json($0) })))
        let warnings = checks.flatMap { check in
            check.warnings.map { warning in
                JSONValue.object(
                    JSONObject([JSONMember("file", .text(check.file)), JSONMember("detail", .text(warning))]))
            }
        }
        if !warnings.isEmpty { members.append(JSONMember("warnings", .list(warnings))) }
        let omitted = checks.reduce(0) { $0 + $1.diagnostics.omitted }
        if omitted > 0 { members.append(JSONMember("omitted", .whole(omitted))) }
        return JSONWriter.text(of: .object(JSONObject(members)))
    }

    static func json(_ diagnostics: Diagnostics) -> [JSONValue] { diagnostics.all.map { json($0) } }

    /// A problem of a document has the allowed values and a remedy; one of a pipeline file has its line.
    private static func json(_ diagnostic: Diagnostic) -> JSONValue {
        var members = diagnostic.file.map { [JSONMember("file", .text($0))] } ?? []
        if let line = diagnostic.line { members.append(JSONMember("line", .whole(line))) }
        members.append(JSONMember("path", .text(diagnostic.path)))
        if let allowed = diagnostic.allowed, let remedy = diagnostic.remedy {
            members += [
                JSONMember("code", .text(diagnostic.code.rawValue)), JSONMember("wrong", .text(diagnostic.wrong)),
                JSONMember("allowed", .text(allowed)), JSONMember("remedy", .text(remedy)),
            ]
        } else {
            members.append(JSONMember("detail", .text(diagnostic.wrong)))
        }
        return .object(JSONObject(members))
    }

    static func json(_ error: PlatformError) -> JSONValue {
        .object(JSONObject([JSONMember("code", .text(error.code)), JSONMember("message", .text(error.message))]))
    }
}
