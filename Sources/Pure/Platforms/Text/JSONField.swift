/// A JSON value where it stands in a message.
struct JSONField {
    enum Kind { case string(isEscaped: Bool), number, flag, null, list, object }

    var kind: Kind
    /// Of a string, what is between the quotes; of any other value, all of it.
    var range: Range<Int>

    var isNull: Bool { if case .null = kind { true } else { false } }

    /// What it is, for messages: `a list`.
    var name: String {
        switch kind {
        case .string: "a string"
        case .number: "a number"
        case .flag: "true or false"
        case .null: "null"
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// The string it is, or how anything else is written: `7`, `true`, `{"a":1}`.
    ///
    /// - Returns: nil when it has more than `limit` bytes of UTF-8, or is not UTF-8.
    func text(in text: Span<UInt8>, limit: Int) -> String? {
        var isEscaped = false
        if case .string(let escaped) = kind { isEscaped = escaped }
        return JSONString(range: range, isEscaped: isEscaped).bytes(in: text, limit: limit)
            .flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A number, or a string that holds one.
    func number(in text: Span<UInt8>) -> DecimalText? {
        switch kind {
        case .number: return DecimalText(text, range)
        case .string(isEscaped: false): return DecimalText(text, range)
        case .string:
            guard let bytes = JSONString(range: range, isEscaped: true).bytes(in: text, limit: DecimalText.maxBytes)
            else { return nil }
            return DecimalText(bytes.span, 0..<bytes.count)
        case .flag, .null, .list, .object: return nil
        }
    }
}
