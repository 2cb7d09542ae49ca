/// The escapes of RFC 8259 §7: every reader and writer of JSON in Sidetone uses this table.
package enum JSONEscape {
    /// Reads the escape whose backslash is at `index`.
    ///
    /// - Parameter index: afterwards past the escape; not moved where there is none.
    /// - Returns: its UTF-16 code unit, or nil when there is no escape of JSON here.
    package static func unit(in text: Span<UInt8>, at index: inout Int) -> UInt16? {
        guard index + 1 < text.count, text[index] == UInt8(ascii: "\\") else { return nil }
        if text[index + 1] == UInt8(ascii: "u") {
            guard let code = hex(in: text, from: index + 2) else { return nil }
            index += 6
            return code
        }
        guard let unit = unit(of: text[index + 1]) else { return nil }
        index += 2
        return unit
    }

    /// What the letter behind a backslash stands for; nil for `u` and for letters that escape nothing.
    static func unit(of letter: UInt8) -> UInt16? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt16(letter)
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    private static func hex(in text: Span<UInt8>, from start: Int) -> UInt16? {
        guard start + 4 <= text.count else { return nil }
        var code: UInt16 = 0
        for index in start..<start + 4 {
            let digit: UInt8
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = text[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = text[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = text[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            code = code << 4 | UInt16(digit)
        }
        return code
    }

    /// Appends one byte of UTF-8 as it stands within a JSON string.
    ///
    /// The quotation mark, the backslash and U+0000…U+001F must be escaped; DEL is, because terminals act on it.
    @inline(__always)
    static func append(_ byte: UInt8, to text: inout [UInt8]) {
        if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != 0x7F {
            text.append(byte)
        } else {
            appendEscape(of: byte, to: &text)
        }
    }

    private static func appendEscape(of byte: UInt8, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
        case 0x0A: text.append(UInt8(ascii: "n"))
        case 0x0D: text.append(UInt8(ascii: "r"))
        case 0x09: text.append(UInt8(ascii: "t"))
        default: appendUnit(UInt16(byte), to: &text)
        }
    }

    /// Appends a code unit of UTF-16 as four hexadecimal digits behind `u`.
    private static func appendUnit(_ unit: UInt16, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "u"))
        for shift in [12, 8, 4, 0] {
            let nibble = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 15
            text.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
        }
    }

    /// The inside of a JSON string.
    ///
    /// - Parameter isASCII: escapes everything past U+007E too, so that no invisible letter reaches a log.
    package static func escaped(_ string: String, isASCII: Bool = false) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(string.utf8.count)
        guard isASCII else {
            for byte in string.utf8 { append(byte, to: &text) }
            return text
        }
        for unit in string.utf16 {
            if unit < 0x80 {
                append(UInt8(unit), to: &text)
            } else {
                text.append(UInt8(ascii: "\\"))
                appendUnit(unit, to: &text)
            }
        }
        return text
    }

    /// A code unit as `\u001b`.
    static func text(of unit: UInt16) -> String {
        var text = [UInt8(ascii: "\\")]
        appendUnit(unit, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
