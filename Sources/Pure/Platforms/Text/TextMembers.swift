/// Members of an object that hold text, wherever in a message the object is.
enum TextMembers {
    /// The text of one member.
    ///
    /// - Parameters:
    ///   - object: the key of the object at the top of the message; nil for the message itself.
    ///   - limit: in bytes of UTF-8; a longer text is cut at a letter's end.
    /// - Returns: nil where it is missing, null, or neither a string nor a number.
    static func text(
        of name: StaticString, inside object: StaticString? = nil, in text: Span<UInt8>, limit: Int
    ) -> String? {
        var index = JSONScan.start(of: text)
        var found: String?
        // The scanner has seen the message: it has no failure.
        try? JSONScan.object(in: text, at: &index, depth: 1) { (text, index, key) throws(JSONScan.Failure) -> Bool in
            guard let object else {
                guard key.matches(name, in: text) else { return false }
                found = cut(try JSONScan.field(in: text, at: &index, depth: 1), in: text, limit: limit)
                return true
            }
            guard key.matches(object, in: text), index < text.count, text[index] == UInt8(ascii: "{") else {
                return false
            }
            try JSONScan.object(in: text, at: &index, depth: 2) { (text, index, key) throws(JSONScan.Failure) -> Bool in
                guard key.matches(name, in: text) else { return false }
                found = cut(try JSONScan.field(in: text, at: &index, depth: 2), in: text, limit: limit)
                return true
            }
            return true
        }
        return found
    }

    private static func cut(_ field: JSONField, in text: Span<UInt8>, limit: Int) -> String? {
        var isEscaped = false
        switch field.kind {
        case .string(let escaped): isEscaped = escaped
        case .number: break
        case .flag, .null, .list, .object: return nil
        }
        // An escape is at most six times as long as what it stands for.
        guard
            let bytes = JSONString(range: field.range, isEscaped: isEscaped).bytes(in: text, limit: field.range.count)
        else { return nil }
        var end = min(limit, bytes.count)
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(validating: bytes[..<end], as: UTF8.self)
    }
}
