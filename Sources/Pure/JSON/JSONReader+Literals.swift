extension JSONReader {
    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func consume(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// `at line 3, column 7`; columns count bytes.
    var place: String {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return "at line \(line), column \(column)"
    }

    func malformed(_ wrong: String, remedy: String) -> Diagnostic {
        Diagnostic(.malformed, at: JSONPath(), wrong: wrong, allowed: "JSON (RFC 8259)", remedy: remedy)
    }

    mutating func word(_ word: String, value: JSONValue) throws(Diagnostic) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else {
            throw malformed(
                "has no JSON value \(place)", remedy: "texts need double quotation marks; words are true, false, null")
        }
        position += word.utf8.count
        return value
    }

    /// RFC 8259 §6: `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`
    mutating func number() throws(Diagnostic) -> JSONNumber {
        let start = position
        _ = consume("-")
        if !consume("0") { try digits() }
        if consume(".") { try digits() }
        if consume("e") || consume("E") {
            if !consume("+") { _ = consume("-") }
            try digits()
        }
        return JSONNumber(literal: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(Diagnostic) {
        guard let byte = peek(), isASCIIDigit(byte) else {
            throw malformed("has a number without digits \(place)", remedy: "write numbers as 0.5 or 12e3")
        }
        while let byte = peek(), isASCIIDigit(byte) { position += 1 }
    }

    /// RFC 8259 §7, with the surrogates of `\u` escapes in pairs.
    mutating func string() throws(Diagnostic) -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw malformed("has a text that is not UTF-8, ending \(place)", remedy: "send UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): content.append(contentsOf: String(try escaped()).utf8)
            case 0..<0x20:
                throw malformed(
                    "has a bare control character in a text \(place)", remedy: "escape it, a line break as \\n")
            default: content.append(byte)
            }
        }
        throw malformed("ends inside a text", remedy: "send the document whole")
    }

    private mutating func escaped() throws(Diagnostic) -> Unicode.Scalar {
        guard let letter = peek() else { throw malformed("ends inside a text", remedy: "send the document whole") }
        position += 1
        if let unit = JSONEscape.unit(of: letter), let scalar = Unicode.Scalar(unit) { return scalar }
        guard letter == UInt8(ascii: "u") else {
            throw malformed(
                "has an unknown escape \(place)", remedy: "after a backslash comes one of \" \\ / b f n r t u")
        }
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), consume("\\"), consume("u") else { throw unpaired }
        let second = try hexUnit()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) * 0x400 + (second - 0xDC00))
        else { throw unpaired }
        return scalar
    }

    private var unpaired: Diagnostic {
        malformed("has half a surrogate pair \(place)", remedy: "write the letter itself, or both halves")
    }

    private mutating func hexUnit() throws(Diagnostic) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw malformed("has a \\u escape without four hex digits \(place)", remedy: "write it as \\u00e9")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
