import SidetoneJSON

/// A JSON string where it stands in a message, still escaped.
struct JSONString {
    /// Between the quotes.
    var range: Range<Int>
    var isEscaped: Bool

    /// Whether it reads `word`, however it is escaped.
    func matches(_ word: StaticString, in text: Span<UInt8>) -> Bool {
        guard isEscaped else {
            guard range.count == word.utf8CodeUnitCount else { return false }
            return word.withUTF8Buffer { word in
                for n in 0..<word.count where text[range.lowerBound + n] != word[n] { return false }
                return true
            }
        }
        return word.withUTF8Buffer { word in
            var index = range.lowerBound
            for letter in word {
                guard index < range.upperBound, Self.unit(in: text, at: &index) == UInt16(letter) else { return false }
            }
            return index == range.upperBound
        }
    }

    /// What it reads, as UTF-8; nil when that is longer than `limit`.
    ///
    /// Half a surrogate pair, which RFC 8259 §8.2 allows, reads as U+FFFD.
    func bytes(in text: Span<UInt8>, limit: Int) -> [UInt8]? {
        guard isEscaped || range.count <= limit else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(range.count, limit))
        var index = range.lowerBound
        while index < range.upperBound {
            if text[index] == UInt8(ascii: "\\") {
                bytes += Self.scalar(in: text, at: &index)
            } else {
                bytes.append(text[index])
                index += 1
            }
            guard bytes.count <= limit else { return nil }
        }
        return bytes
    }

    private static func scalar(in text: Span<UInt8>, at index: inout Int) -> Unicode.UTF8.EncodedScalar {
        let first = JSONEscape.unit(in: text, at: &index) ?? 0xFFFD
        var code = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            var next = index
            if let second = JSONEscape.unit(in: text, at: &next), UTF16.isTrailSurrogate(second) {
                index = next
                code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
        }
        return Unicode.Scalar(code).flatMap { UTF8.encode($0) } ?? UTF8.encodedReplacementCharacter
    }

    /// The next byte, or what an escape stands for.
    private static func unit(in text: Span<UInt8>, at index: inout Int) -> UInt16? {
        guard text[index] == UInt8(ascii: "\\") else {
            index += 1
            return UInt16(text[index - 1])
        }
        return JSONEscape.unit(in: text, at: &index)
    }
}
