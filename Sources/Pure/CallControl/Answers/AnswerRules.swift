public import SidetoneJSON

/// Rules in the order in which they are tried; the first match answers.
public struct AnswerRules: Sendable, Hashable {
    public let rules: [AnswerRule]

    /// - Throws: every rule that can never match, because an earlier one matches all its calls, and every pattern with
    ///   a `*` before its end.
    public init(_ rules: [AnswerRule]) throws(Diagnostics) {
        var findings = Diagnostics()
        for (index, rule) in rules.enumerated() {
            let path = JSONPath().member("rules").item(index).member("called")
            if rule.called.isEmpty || rule.called.dropLast().contains("*") {
                findings.add(
                    Diagnostic(
                        .notAllowed, at: path, wrong: "is not a pattern", allowed: "a number, a prefix and *, or *",
                        remedy: "put the * last"))
            }
            if let earlier = rules[..<index].firstIndex(where: { $0.covers(everythingOf: rule) }) {
                findings.add(
                    Diagnostic(
                        .contradiction, at: path, wrong: "never matches, because rule \(earlier) matches all its calls",
                        allowed: "the more specific rule first", remedy: "move it before rule \(earlier), or remove it")
                )
            }
        }
        guard findings.isEmpty else { throw findings }
        self.rules = rules
    }

    /// The template for a number; nil if no rule matches.
    public func template(forCalled number: String) -> DocumentTemplate? {
        rules.first { $0.matches(number) }?.template
    }
}
