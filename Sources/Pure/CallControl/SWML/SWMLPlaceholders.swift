import SidetoneJSON

/// Fills `${…}` and `%{…}` in the texts of a SWML step when it begins. Both spellings are equivalent.
///
///     let placeholders = SWMLPlaceholders(call: ["from": "+4930111222"], variables: ["stream_control_id": "assist-1"])
///     try placeholders.fill("%{stream_control_id} of ${call.from}")  // "assist-1 of +4930111222"
/// A path is `call.from`, `vars.name`, or `name` alone, which is also a variable; `envs` and `params` are empty here. A
/// path without a value is an empty text, as documented by SignalWire. Anything else is a JavaScript expression, which
/// Sidetone does not evaluate. Filled values are not searched again.
public struct SWMLPlaceholders: Sendable, Hashable {
    private let call: [String: String]
    private let variables: [String: String]

    public init(call: [String: String] = [:], variables: [String: String] = [:]) {
        self.call = call
        self.variables = variables
    }

    /// It is not a path, so it cannot be filled.
    public struct Expression: Error, Hashable, Sendable {}

    /// - Throws: at the first expression.
    public func fill(_ text: String) throws(Expression) -> String {
        try Self.replacing(in: text) { inside throws(Expression) in
            guard let path = Self.path(inside) else { throw Expression() }
            return value(of: path)
        }
    }

    /// Whether a text contains placeholders.
    static func are(in text: String) -> Bool { opening(in: text[...]) != nil }

    /// The text with a digit in place of each placeholder, for validating the rest.
    static func digits(in text: String) -> String { replacing(in: text) { _ in "1" } }

    private func value(of path: String) -> String {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return variables[path] ?? "" }
        switch parts[0] {
        case "call": return call[parts[1]] ?? ""
        case "vars": return variables[parts[1]] ?? ""
        case "envs", "params": return ""
        default: return variables[path] ?? ""
        }
    }

    /// Names with dots and brackets between them.
    private static func path(_ inside: Substring) -> String? {
        let path = String(inside.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        guard let first = path.utf8.first, isASCIILetter(first) || first == UInt8(ascii: "_") else { return nil }
        return path.utf8.allSatisfy { isASCIILetter($0) || isASCIIDigit($0) || "_.[]".utf8.contains($0) } ? path : nil
    }

    private static func replacing<Failure: Error>(
        in text: String, _ value: (Substring) throws(Failure) -> String
    ) throws(Failure) -> String {
        var filled = ""
        var rest = text[...]
        while let opening = opening(in: rest) {
            let inside = rest[opening.upperBound...]
            guard let closing = inside.utf8.firstIndex(of: UInt8(ascii: "}")) else { break }
            filled += rest[..<opening.lowerBound]
            filled += try value(inside[..<closing])
            rest = inside[inside.utf8.index(after: closing)...]
        }
        return filled + rest
    }

    /// The position of the first `${` or `%{`.
    private static func opening(in text: Substring) -> Range<Substring.Index>? {
        let bytes = text.utf8
        var index = bytes.startIndex
        while let brace = bytes[index...].firstIndex(of: UInt8(ascii: "{")) {
            let after = bytes.index(after: brace)
            if brace > bytes.startIndex {
                let sign = bytes.index(before: brace)
                if bytes[sign] == UInt8(ascii: "$") || bytes[sign] == UInt8(ascii: "%") { return sign..<after }
            }
            index = after
        }
        return nil
    }
}
