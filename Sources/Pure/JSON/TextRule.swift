/// What a text field may hold.
public struct TextRule: Sendable {
    /// As words: `a wss:// URL`.
    public let allowed: String
    /// What is wrong with a text, and the way out; nil where nothing is.
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
