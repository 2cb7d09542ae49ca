/// The rule for a text field.
public struct TextRule: Sendable {
    /// The expected form: `a wss:// URL`.
    public let allowed: String
    /// The problem of a text with a remedy; nil if it is valid.
    public let problem: @Sendable (String) -> Violation?

    public struct Violation: Sendable {
        public var wrong: String
        public var remedy: String

        public init(_ wrong: String, _ remedy: String) {
            self.wrong = wrong
            self.remedy = remedy
        }
    }

    public init(_ allowed: String, problem: @escaping @Sendable (String) -> Violation?) {
        self.allowed = allowed
        self.problem = problem
    }
}

extension TextRule {
    public static let any = TextRule("a text") { _ in nil }

    public static let notEmpty = TextRule("a text that is not empty") { text in
        text.allSatisfy(\.isWhitespace) ? Violation("is empty", "write something, or leave the field out") : nil
    }
}
