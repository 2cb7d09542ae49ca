/// One problem of a document, a pipeline file, a setting or an option: where, what, what was expected, and a remedy. It
/// repeats field names, enumerated values and URL schemes; never texts, digits, phone numbers or tokens.
public struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// Not JSON, or not a form.
        case malformed
        case tooLarge
        case tooDeep
        case duplicateKey
        /// An action that is not documented.
        case unknownAction
        /// An entry that names several actions, or none.
        case ambiguousAction
        case unknownKey
        case missing
        case wrongType
        /// The right type with a value that is not allowed.
        case notAllowed
        /// Two fields that contradict each other.
        case contradiction
        /// An invalid setting or option, or an unusable file that it names.
        case unusable
    }

    public var code: Code
    /// The file, if any.
    public var file: String?
    /// The line of the file, from 1, if known.
    public var line: Int?
    /// Where in the document: `actions[2].track`, `stages.detect.onset_ms`. Empty for the document as a whole.
    public var path: String
    /// Continues the path: `is "speaker"`.
    public var wrong: String
    /// The expected form; nil if `wrong` states it.
    public var allowed: String?
    /// The remedy; nil if `wrong` states it.
    public var remedy: String?

    /// A problem of a document.
    public init(_ code: Code, at path: JSONPath, wrong: String, allowed: String, remedy: String) {
        self.code = code
        self.path = path.description
        self.wrong = wrong
        self.allowed = allowed
        self.remedy = remedy
    }

    /// A problem of a setting, an option or a file, in one sentence.
    /// - Parameter wrong: continues the path and includes the remedy: `is 5; expected 10…500`.
    public init(file: String? = nil, line: Int? = nil, path: String = "", wrong: String) {
        code = .unusable
        self.file = file
        self.line = line
        self.path = path
        self.wrong = wrong
    }

    /// The same problem, of a file.
    public func inFile(_ file: String) -> Diagnostic {
        var located = self
        located.file = file
        return located
    }

    /// The expected form and the remedy: `expected one of inbound, outbound: choose one of them`.
    public var advice: String? {
        guard let allowed, let remedy else { return nil }
        return "expected \(allowed): \(remedy)"
    }

    /// On one line; control characters are escaped.
    public var description: String {
        let place = file.map { file in line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
        guard let advice else {
            return PrintableText.escaped("\(place)\(path.isEmpty ? "" : path + " ")\(wrong)", keepsLines: false)
        }
        let subject = path.isEmpty ? "the document" : path
        return PrintableText.escaped(
            "\(place)\(subject) \(wrong); \(advice) [\(code.rawValue)]", keepsLines: false)
    }
}
