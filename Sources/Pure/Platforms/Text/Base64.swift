import SidetoneJSON

/// Base64 of RFC 4648 §4, read straight out of a JSON string.
enum Base64 {
    /// The value of each letter; 255 for what is none.
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, letter) in letters.enumerated() { table[Int(letter)] = UInt8(value) }
        return table
    }()

    /// Decodes from `index` to the closing quote.
    ///
    /// Letters may be escaped as JSON allows: many writers put a backslash before a slash, and some write `+` and `=` as
    /// `\u002b` and `\u003d`. Padding may be left out.
    ///
    /// - Parameters:
    ///   - index: the first letter; afterwards the closing quote.
    ///   - output: is replaced; its storage is used again.
    /// - Returns: false when the text is not base64, or has no closing quote.
    static func decode(_ text: Span<UInt8>, at index: inout Int, into output: inout [UInt8]) -> Bool {
        // Room for all that may come, because appending byte by byte costs twice the decoding.
        let room = (text.count - index) / 4 * 3 + 3
        if output.count < room { output.append(contentsOf: repeatElement(0, count: room - output.count)) }
        var bytes = output.mutableSpan
        // A local place: through `inout`, each step would wait for the memory.
        var place = index
        let count = fill(&bytes, from: text, at: &place)
        index = place
        output.removeLast(output.count - (count ?? 0))
        return count != nil
    }

    /// - Returns: how many bytes were written, or nil when the text is not base64.
    private static func fill(
        _ bytes: inout MutableSpan<UInt8>, from text: Span<UInt8>, at index: inout Int
    ) -> Int? {
        let values = values.span
        var count = 0
        while true {
            // Four letters at a time, until something else than a letter comes.
            while index + 4 <= text.count {
                let a = UInt32(values[Int(text[index])])
                let b = UInt32(values[Int(text[index + 1])])
                let c = UInt32(values[Int(text[index + 2])])
                let d = UInt32(values[Int(text[index + 3])])
                guard a | b | c | d < 64 else { break }
                let word = a << 18 | b << 12 | c << 6 | d
                bytes[count] = UInt8(truncatingIfNeeded: word >> 16)
                bytes[count + 1] = UInt8(truncatingIfNeeded: word >> 8)
                bytes[count + 2] = UInt8(truncatingIfNeeded: word)
                count += 3
                index += 4
            }
            // Then one by one: the end, or four letters with an escape among them.
            var group = Group()
            while group.letters < 4 {
                guard index < text.count else { return nil }
                var letter = text[index]
                if letter == UInt8(ascii: "\"") { return group.finish(&bytes, count: count) }
                if letter == UInt8(ascii: "\\") {
                    guard let unit = JSONEscape.unit(in: text, at: &index), unit < 0x80 else { return nil }
                    letter = UInt8(unit)
                } else {
                    index += 1
                }
                guard group.consume(letter, value: values[Int(letter)]) else { return nil }
            }
            bytes[count] = UInt8(truncatingIfNeeded: group.word >> 16)
            bytes[count + 1] = UInt8(truncatingIfNeeded: group.word >> 8)
            bytes[count + 2] = UInt8(truncatingIfNeeded: group.word)
            count += 3
        }
    }

    /// Up to four letters that make up to three bytes.
    private struct Group {
        var word: UInt32 = 0
        var letters = 0
        var padding = 0

        mutating func consume(_ letter: UInt8, value: UInt8) -> Bool {
            if letter == UInt8(ascii: "=") {
                padding += 1
                return letters + padding <= 4
            }
            guard value < 64, padding == 0 else { return false }
            word = word << 6 | UInt32(value)
            letters += 1
            return true
        }

        /// The text is over: one letter left alone carries no byte, and padding, where given, completes the four.
        func finish(_ bytes: inout MutableSpan<UInt8>, count: Int) -> Int? {
            guard letters != 1, padding == 0 || (letters > 0 && letters + padding == 4) else { return nil }
            if letters == 2 { bytes[count] = UInt8(truncatingIfNeeded: word >> 4) }
            if letters == 3 {
                bytes[count] = UInt8(truncatingIfNeeded: word >> 10)
                bytes[count + 1] = UInt8(truncatingIfNeeded: word >> 2)
            }
            return count + max(0, letters - 1)
        }
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
