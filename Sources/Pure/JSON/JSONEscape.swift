/// The escapes of RFC 8259 §7.
package enum JSONEscape {
    /// Reads the escape whose backslash is at `index`.
    ///
    /// - Parameter index: afterwards past the escape; not moved where there is none.
    /// - Returns: its UTF-16 code unit, or nil when there is no escape of JSON here.
    package static func unit(in text: Span<UInt8>, at index: inout Int) -> UInt16? {
        guard index + 1 < text.count, text[index] == UInt8(ascii: "\\") else { return nil }
        let unit: UInt16
        switch text[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unit = UInt16(text[index + 1])
        case UInt8(ascii: "b"): unit = 0x08
        case UInt8(ascii: "f"): unit = 0x0C
        case UInt8(ascii: "n"): unit = 0x0A
        case UInt8(ascii: "r"): unit = 0x0D
        case UInt8(ascii: "t"): unit = 0x09
        case UInt8(ascii: "u"):
            guard let code = hex(in: text, from: index + 2) else { return nil }
            index += 6
            return code
        default: return nil
        }
        index += 2
        return unit
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
}
