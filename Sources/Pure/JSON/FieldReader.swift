/// Reads the fields of one object and records every problem. Read each field once, then call `finish()`; fields that
/// were not read are unknown keys.
public struct FieldReader {
    /// How strict it is.
    public enum Strictness: Sendable {
        /// For documents written by users: unknown keys and null are problems.
        case document
        /// For messages from platforms: unknown keys are ignored, null means absent.
        case message
    }

    public enum Need: Sendable { case required, optional }

    public let path: JSONPath
    public private(set) var diagnostics = Diagnostics()
    private let object: JSONObject
    private let manner: Strictness
    private var known: [String] = []

    public init(_ object: JSONObject, at path: JSONPath = JSONPath(), _ manner: Strictness) {
        self.object = object
        self.path = path
        self.manner = manner
    }

    /// Whether the field is present.
    public func has(_ name: String) -> Bool { object[name] != nil }

    /// The raw value; marks the field as known.
    public mutating func value(_ name: String, need: Need = .optional, allowed: String = "any value") -> JSONValue? {
        known.append(name)
        let value = object[name]
        if manner == .message, value == .null { return absent(name, need: need, allowed: allowed) }
        return value ?? absent(name, need: need, allowed: allowed)
    }

    private mutating func absent(_ name: String, need: Need, allowed: String) -> JSONValue? {
        if need == .required {
            record(.missing, name: name, wrong: "is missing", allowed: allowed, remedy: "add \"\(name)\"")
        }
        return nil
    }

    public mutating func text(_ name: String, need: Need = .optional, rule: TextRule = .any) -> String? {
        guard let value = value(name, need: need, allowed: rule.allowed) else { return nil }
        guard case .text(let text) = value else { return mistyped(name, value: value, allowed: rule.allowed) }
        if let problem = rule.problem(text) {
            record(.notAllowed, name: name, wrong: problem.wrong, allowed: rule.allowed, remedy: problem.remedy)
            return nil
        }
        return text
    }

    /// One of several words.
    public mutating func word<Word>(_ name: String, need: Need = .optional, of type: Word.Type) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        let words = Word.allCases.map(\.rawValue)
        let allowed = "one of \(words.joined(separator: ", "))"
        guard let value = value(name, need: need, allowed: allowed) else { return nil }
        guard case .text(let text) = value else { return mistyped(name, value: value, allowed: allowed) }
        if let word = Word(rawValue: text) { return word }
        let remedy = NearestWord.question(text, in: words) ?? "choose one of them"
        record(.notAllowed, name: name, wrong: "is \(Quoted.name(text))", allowed: allowed, remedy: remedy)
        return nil
    }

    public mutating func whole(_ name: String, need: Need = .optional, in range: ClosedRange<Int>) -> Int? {
        let allowed =
            range.upperBound == .max
            ? "a whole number from \(range.lowerBound) up" : "a whole number, \(range.lowerBound)…\(range.upperBound)"
        guard let value = value(name, need: need, allowed: allowed) else { return nil }
        guard case .number(let number) = value else { return mistyped(name, value: value, allowed: allowed) }
        guard let whole = number.whole, range.contains(whole) else {
            record(
                .notAllowed, name: name, wrong: "is \(number.literal.prefix(20))", allowed: allowed,
                remedy: "use a number in that range")
            return nil
        }
        return whole
    }

    public mutating func number(_ name: String, need: Need = .optional) -> JSONNumber? {
        guard let value = value(name, need: need, allowed: "a number") else { return nil }
        guard case .number(let number) = value else { return mistyped(name, value: value, allowed: "a number") }
        return number
    }

    public mutating func flag(_ name: String, need: Need = .optional) -> Bool? {
        guard let value = value(name, need: need, allowed: "true or false") else { return nil }
        guard case .flag(let flag) = value else { return mistyped(name, value: value, allowed: "true or false") }
        return flag
    }

    public mutating func object(_ name: String, need: Need = .optional) -> JSONObject? {
        guard let value = value(name, need: need, allowed: "an object") else { return nil }
        guard case .object(let object) = value else { return mistyped(name, value: value, allowed: "an object") }
        return object
    }

    public mutating func list(_ name: String, need: Need = .optional) -> [JSONValue]? {
        guard let value = value(name, need: need, allowed: "a list") else { return nil }
        guard case .list(let items) = value else { return mistyped(name, value: value, allowed: "a list") }
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
                diagnostics.add(
                    Diagnostic(
                        .wrongType, at: path.member(name).member(member.name), wrong: "is \(member.value.kind)",
                        allowed: "a text",
                        remedy: "put it in quotation marks"))
            }
        }
        return texts
    }

    /// Records a problem of a field.
    public mutating func record(
        _ code: Diagnostic.Code, name: String, wrong: String, allowed: String, remedy: String
    ) {
        diagnostics.add(Diagnostic(code, at: path.member(name), wrong: wrong, allowed: allowed, remedy: remedy))
    }

    private mutating func mistyped<Value>(_ name: String, value: JSONValue, allowed: String) -> Value? {
        record(.wrongType, name: name, wrong: "is \(value.kind)", allowed: allowed, remedy: "change its type")
        return nil
    }

    /// Records unknown keys, then returns all diagnostics.
    public mutating func finish() -> Diagnostics {
        if manner == .document {
            for member in object.members where !known.contains(member.name) {
                guard !diagnostics.isFull else {
                    diagnostics.omit()
                    continue
                }
                let remedy = NearestWord.question(member.name, in: known) ?? "remove it"
                let allowed = known.isEmpty ? "no key" : known.joined(separator: ", ")
                record(.unknownKey, name: member.name, wrong: "is not known here", allowed: allowed, remedy: remedy)
            }
        }
        return diagnostics
    }
}
