/// Assigns a document to called numbers.
public struct AnswerRule: Sendable, Hashable {
    /// A number as in the call; or a prefix and `*`; or `*` alone for every number.
    public var called: String
    public var template: DocumentTemplate

    public init(called: String, template: DocumentTemplate) {
        self.called = called
        self.template = template
    }

    func matches(_ number: String) -> Bool {
        called.last == "*" ? number.hasPrefix(called.dropLast()) : number == called
    }

    /// Whether this rule, tried first, matches every call of `other`.
    func covers(everythingOf other: AnswerRule) -> Bool {
        guard called.last == "*" else { return called == other.called }
        let beginning = other.called.last == "*" ? String(other.called.dropLast()) : other.called
        return beginning.hasPrefix(called.dropLast())
    }
}
