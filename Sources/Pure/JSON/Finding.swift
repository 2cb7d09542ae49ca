/// One thing wrong with a document: what, where, what would be right, and the way out.
///
/// It repeats names of fields, words of a choice and URL schemes; never texts, digits, numbers of people or tokens.
public struct Finding: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// Not JSON, or not a form.
        case malformed
        case tooLarge
        case tooDeep
        case duplicateKey
        /// An action that no published page names.
        case unknownAction
        /// An entry that says several actions, or none.
        case ambiguousAction
        case unknownKey
        case missing
        case wrongType
        /// The right type with a value that is not one of those allowed.
        case notAllowed
        /// Two fields that contradict each other.
        case contradiction
    }

    public var code: Code
    /// Empty for the document as a whole.
    public var path: JSONPath
    /// Goes on where the path ends: `is "speaker"`.
    public var wrong: String
    public var allowed: String
    public var remedy: String

    public init(_ code: Code, _ path: JSONPath, _ wrong: String, allowed: String, _ remedy: String) {
        self.code = code
        self.path = path
        self.wrong = wrong
        self.allowed = allowed
        self.remedy = remedy
    }

    public var description: String {
        "\(path.steps.isEmpty ? "the document" : path.description) \(wrong); allowed is \(allowed): \(remedy)"
            + " [\(code.rawValue)]"
    }
}
