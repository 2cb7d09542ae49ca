public import SidetoneJSON

/// Rules in the order they are tried; the first that matches answers.
public struct AnswerRules: Sendable, Hashable {
    public let rules: [AnswerRule]

    /// - Throws: every rule that can never answer, because an earlier one takes all its calls, and every pattern with a
    ///   `*` before its end.
    public init(_ rules: [AnswerRule]) throws(Diagnostics) {
        var findings = Diagnostics()
        for (index, rule) in rules.enumerated() {
            let path = JSONPath().member("rules").item(index).member("called")
            if rule.called.isEmpty || rule.called.dropLast().contains("*") {
                findings.add(
                    Diagnostic(
                        .notAllowed, at: path, wrong: "is not a pattern", allowed: "a number, a beginning and *, or *",
                        remedy: "put the * last"))
            }
            if let earlier = rules[..<index].firstIndex(where: { $0.covers(everythingOf: rule) }) {
                findings.add(
                    Diagnostic(
                        .contradiction, at: path, wrong: "never answers, because rule \(earlier) takes all its calls",
                        allowed: "the narrower rule first", remedy: "move it before rule \(earlier), or remove it"))
            }
        }
        guard findings.isEmpty else { throw findings }
        self.rules = rules
    }

    /// The template for a number; nil where no rule matches.
    public func template(forCalled number: String) -> DocumentTemplate? {
        rules.first { $0.matches(number) }?.template
    }
}
