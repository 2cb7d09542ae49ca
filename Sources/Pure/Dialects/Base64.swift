/// Base64 of RFC 4648 §4, read straight out of a JSON string.
enum Base64 {
    /// The value of each byte; 64 for the padding sign, 65 for what may be skipped, 255 for all else.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(letter)] = UInt8(value)
        }
        return table
    }()

    /// Decodes from `index` to the closing quote.
    ///
    /// Many JSON writers put a backslash before a slash; that is read as the slash.
    ///
    /// - Parameters:
    ///   - index: the first letter; afterwards the closing quote.
    ///   - output: is replaced; its storage is used again.
    /// - Returns: false when the text is not base64, or has no closing quote.
    static func decode(_ text: Span<UInt8>, at index: inout Int, into output: inout [UInt8]) -> Bool {
        output.removeAll(keepingCapacity: true)
        let values = values.span
        let count = text.count
        // Four letters at a time, until something else than a letter of the alphabet comes.
        while index + 4 <= count {
            let a = values[Int(text[index])]
            let b = values[Int(text[index + 1])]
            let c = values[Int(text[index + 2])]
            let d = values[Int(text[index + 3])]
            guard (a | b | c | d) < 64 else { break }
            output.append(a << 2 | b >> 4)
            output.append(b << 4 | c >> 2)
            output.append(c << 6 | d)
            index += 4
        }
        return decodeRest(text, at: &index, into: &output)
    }

    /// One letter at a time: the end, padding, and escaped slashes anywhere.
    private static func decodeRest(_ text: Span<UInt8>, at index: inout Int, into output: inout [UInt8]) -> Bool {
        let values = values.span
        var bits: UInt32 = 0
        var held = 0
        var padding = 0
        while index < text.count {
            let letter = text[index]
            switch letter {
            case UInt8(ascii: "\""):
                // One left-over letter carries no byte; padding, where given, completes the four.
                guard held != 1, padding == 0 || held + padding == 4 else { return false }
                if held == 2 { output.append(UInt8(truncatingIfNeeded: bits >> 4)) }
                if held == 3 {
                    output.append(UInt8(truncatingIfNeeded: bits >> 10))
                    output.append(UInt8(truncatingIfNeeded: bits >> 2))
                }
                return true
            case UInt8(ascii: "="):
                padding += 1
            case UInt8(ascii: "\\") where index + 1 < text.count && text[index + 1] == UInt8(ascii: "/"):
                break
            default:
                let value = values[Int(letter)]
                guard value < 64, padding == 0 else { return false }
                bits = bits << 6 | UInt32(value)
                held += 1
                if held == 4 {
                    output.append(UInt8(truncatingIfNeeded: bits >> 16))
                    output.append(UInt8(truncatingIfNeeded: bits >> 8))
                    output.append(UInt8(truncatingIfNeeded: bits))
                    bits = 0
                    held = 0
                }
            }
            index += 1
        }
        return false
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Appends the base64 of `bytes`, padded.
    static func encode(_ bytes: [UInt8], into text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        let letters = letters.span
        var n = 0
        while n + 3 <= bytes.count {
            let word = Int(bytes[n]) << 16 | Int(bytes[n + 1]) << 8 | Int(bytes[n + 2])
            text.append(letters[word >> 18])
            text.append(letters[word >> 12 & 63])
            text.append(letters[word >> 6 & 63])
            text.append(letters[word & 63])
            n += 3
        }
        let left = bytes.count - n
        guard left > 0 else { return }
        let word = Int(bytes[n]) << 16 | (left == 2 ? Int(bytes[n + 1]) << 8 : 0)
        text.append(letters[word >> 18])
        text.append(letters[word >> 12 & 63])
        text.append(left == 2 ? letters[word >> 6 & 63] : UInt8(ascii: "="))
        text.append(UInt8(ascii: "="))
    }
}
