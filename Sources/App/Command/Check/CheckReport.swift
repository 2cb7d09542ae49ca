import SidetoneCallControl
package import SidetoneConfiguration
import SidetoneJSON

/// What several files came to, for people and for programs.
package struct CheckReport: Sendable {
    package var checks: [FileCheck]

    package init(_ checks: [FileCheck]) { self.checks = checks }

    package var isClean: Bool { checks.allSatisfy(\.isClean) }

    /// A line for each problem, and one for each file without any.
    package var lines: [String] {
        checks.flatMap { check -> [String] in
            guard !check.isClean else {
                return ["\(check.file): \(check.kind.rawValue), no problem found"]
                    + check.warnings.map { "\(check.file): warning: \($0)" }
            }
            var lines = check.problems.map(\.description)
            lines += check.findings.all.map { "\(check.file): \($0)" }
            if check.findings.omitted > 0 { lines.append("\(check.file): and at least \(check.findings.omitted) more") }
            return lines
        }.map { PrintableText.escaped($0, keepsLines: false) }
    }

    /// One object. A document that an `answer_url` must not give adds the platform's own `error`.
    package var json: String {
        var members: [JSONMember] = []
        if checks.contains(where: { $0.isAnswer && !$0.findings.isEmpty }) {
            members.append(JSONMember("error", Self.json(.answerURL)))
        }
        members.append(JSONMember("findings", .list(checks.flatMap { Self.json($0.findings, file: $0.file) })))
        members.append(JSONMember("problems", .list(checks.flatMap(\.problems).map(Self.json))))
        let warnings = checks.flatMap { check in
            check.warnings.map { warning in
                JSONValue.object(
                    JSONObject([JSONMember("file", .text(check.file)), JSONMember("detail", .text(warning))]))
            }
        }
        if !warnings.isEmpty { members.append(JSONMember("warnings", .list(warnings))) }
        let omitted = checks.reduce(0) { $0 + $1.findings.omitted }
        if omitted > 0 { members.append(JSONMember("omitted", .whole(omitted))) }
        return JSONWriter.text(of: .object(JSONObject(members)))
    }

    /// - Parameter file: nil where only one document is spoken of.
    static func json(_ findings: Findings, file: String?) -> [JSONValue] {
        findings.all.map { finding in
            var members = file.map { [JSONMember("file", .text($0))] } ?? []
            members += [
                JSONMember("path", .text(finding.path.description)), JSONMember("code", .text(finding.code.rawValue)),
                JSONMember("wrong", .text(finding.wrong)), JSONMember("allowed", .text(finding.allowed)),
                JSONMember("remedy", .text(finding.remedy)),
            ]
            return .object(JSONObject(members))
        }
    }

    static func json(_ error: PlatformError) -> JSONValue {
        .object(JSONObject([JSONMember("code", .text(error.code)), JSONMember("message", .text(error.message))]))
    }

    private static func json(_ problem: Problem) -> JSONValue {
        .object(
            JSONObject([
                JSONMember("file", .text(problem.file)), JSONMember("line", .whole(problem.line)),
                JSONMember("path", .text(problem.path)), JSONMember("detail", .text(problem.detail)),
            ]))
    }
}
