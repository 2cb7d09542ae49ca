/// Reads the fields of one object and notes everything wrong with them.
///
/// Ask for each field once, then call `finish()`; what was never asked for is an unknown key.
public struct FieldReader {
    /// How strict it is.
    public enum Manner: Sendable {
        /// Documents that people write: unknown keys and null are findings.
        case document
        /// Messages that platforms send: unknown keys are left alone, null is as good as absent.
        case message
    }

    public enum Need: Sendable { case required, optional }

    public let path: JSONPath
    public private(set) var findings = Findings()
    private let object: JSONObject
    private let manner: Manner
    private var known: [String] = []

    public init(_ object: JSONObject, at path: JSONPath = JSONPath(), _ manner: Manner) {
        self.object = object
        self.path = path
        self.manner = manner
    }

    /// Whether the field is there at all.
    public func has(_ name: String) -> Bool { object[name] != nil }

    /// The raw value, and the note that the field is known.
    public mutating func value(_ name: String, _ need: Need = .optional, allowed: String = "any value") -> JSONValue? {
        known.append(name)
        let value = object[name]
        if manner == .message, value == .null { return absent(name, need, allowed) }
        return value ?? absent(name, need, allowed)
    }

    private mutating func absent(_ name: String, _ need: Need, _ allowed: String) -> JSONValue? {
        if need == .required {
            note(.missing, name, "is missing", allowed: allowed, "add \"\(name)\"")
        }
        return nil
    }

    public mutating func text(_ name: String, _ need: Need = .optional, _ rule: TextRule = .any) -> String? {
        guard let value = value(name, need, allowed: rule.allowed) else { return nil }
        guard case .text(let text) = value else { return mistyped(name, value, rule.allowed) }
        if let problem = rule.problem(text) {
            note(.notAllowed, name, problem.wrong, allowed: rule.allowed, problem.remedy)
            return nil
        }
        return text
    }

    /// One word of a choice.
    public mutating func word<Word>(_ name: String, _ need: Need = .optional, of type: Word.Type) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        let words = Word.allCases.map(\.rawValue)
        let allowed = "one of \(words.joined(separator: ", "))"
        guard let value = value(name, need, allowed: allowed) else { return nil }
        guard case .text(let text) = value else { return mistyped(name, value, allowed) }
        if let word = Word(rawValue: text) { return word }
        let remedy = Suggestion.of(text, in: words).map { "did you mean \"\($0)\"?" } ?? "choose one of them"
        note(.notAllowed, name, "is \(Quoted.name(text))", allowed: allowed, remedy)
        return nil
    }

    public mutating func whole(_ name: String, _ need: Need = .optional, in range: ClosedRange<Int>) -> Int? {
        let allowed =
            range.upperBound == .max
            ? "a whole number from \(range.lowerBound) up" : "a whole number, \(range.lowerBound)…\(range.upperBound)"
        guard let value = value(name, need, allowed: allowed) else { return nil }
        guard case .number(let number) = value else { return mistyped(name, value, allowed) }
        guard let whole = number.whole, range.contains(whole) else {
            note(.notAllowed, name, "is \(number.literal.prefix(20))", allowed: allowed, "give a number in that range")
            return nil
        }
        return whole
    }

    public mutating func number(_ name: String, _ need: Need = .optional) -> JSONNumber? {
        guard let value = value(name, need, allowed: "a number") else { return nil }
        guard case .number(let number) = value else { return mistyped(name, value, "a number") }
        return number
    }

    public mutating func flag(_ name: String, _ need: Need = .optional) -> Bool? {
        guard let value = value(name, need, allowed: "true or false") else { return nil }
        guard case .flag(let flag) = value else { return mistyped(name, value, "true or false") }
        return flag
    }

    public mutating func object(_ name: String, _ need: Need = .optional) -> JSONObject? {
        guard let value = value(name, need, allowed: "an object") else { return nil }
        guard case .object(let object) = value else { return mistyped(name, value, "an object") }
        return object
    }

    public mutating func list(_ name: String, _ need: Need = .optional) -> [JSONValue]? {
        guard let value = value(name, need, allowed: "a list") else { return nil }
        guard case .list(let items) = value else { return mistyped(name, value, "a list") }
        return items
    }

    /// An object whose values are all texts.
    public mutating func texts(_ name: String) -> [String: String]? {
        guard let object = object(name) else { return nil }
        var texts: [String: String] = [:]
        for member in object.members {
            if case .text(let text) = member.value {
                texts[member.name] = text
            } else {
                findings.add(
                    Finding(
                        .wrongType, path.member(name).member(member.name), "is \(member.value.kind)", allowed: "a text",
                        "put it in quotation marks"))
            }
        }
        return texts
    }

    /// Notes a problem of a field.
    public mutating func note(
        _ code: Finding.Code, _ name: String, _ wrong: String, allowed: String, _ remedy: String
    ) {
        findings.add(Finding(code, path.member(name), wrong, allowed: allowed, remedy))
    }

    private mutating func mistyped<Value>(_ name: String, _ value: JSONValue, _ allowed: String) -> Value? {
        note(.wrongType, name, "is \(value.kind)", allowed: allowed, "change its type")
        return nil
    }

    /// Notes the keys nobody asked for, then gives all findings.
    public mutating func finish() -> Findings {
        if manner == .document {
            for member in object.members where !known.contains(member.name) {
                guard !findings.isFull else {
                    findings.omit()
                    continue
                }
                let remedy = Suggestion.of(member.name, in: known).map { "did you mean \"\($0)\"?" } ?? "remove it"
                let allowed = known.isEmpty ? "no key" : known.joined(separator: ", ")
                note(.unknownKey, member.name, "is not known here", allowed: allowed, remedy)
            }
        }
        return findings
    }
}
