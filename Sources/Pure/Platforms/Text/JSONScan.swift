import SidetoneJSON

/// Walks JSON (RFC 8259) where it lies, without building a tree.
///
/// Structure, strings and escapes are checked everywhere. The form of a number is checked where one is read.
enum JSONScan {
    /// Objects and lists within one another; a media message has two.
    static let maxDepth = 16

    struct Failure: Error { let detail: String }

    /// Reads the key's value and returns true, or leaves it where it is and returns false.
    typealias Member = (_ text: Span<UInt8>, _ index: inout Int, _ key: JSONString) throws(Failure) -> Bool

    /// Walks an object, member by member.
    static func object(
        in text: Span<UInt8>, at index: inout Int, depth: Int, _ member: Member
    ) throws(Failure) {
        guard depth <= maxDepth else { throw Failure(detail: "it is nested deeper than \(maxDepth)") }
        skipSpace(in: text, at: &index)
        guard skip("{", in: text, at: &index) else { throw Failure(detail: "it is not a JSON object") }
        skipSpace(in: text, at: &index)
        if skip("}", in: text, at: &index) { return }
        while true {
            skipSpace(in: text, at: &index)
            guard let key = try string(in: text, at: &index) else { throw Failure(detail: "a key is not a string") }
            skipSpace(in: text, at: &index)
            guard skip(":", in: text, at: &index) else { throw Failure(detail: "a key has no colon") }
            skipSpace(in: text, at: &index)
            if try !member(text, &index, key) { try skipValue(in: text, at: &index, depth: depth) }
            skipSpace(in: text, at: &index)
            if skip(",", in: text, at: &index) { continue }
            guard skip("}", in: text, at: &index) else { throw Failure(detail: "an object is not closed") }
            return
        }
    }

    /// Walks a list; `item` reads or skips each value.
    static func list(
        in text: Span<UInt8>, at index: inout Int, depth: Int,
        _ item: (_ text: Span<UInt8>, _ index: inout Int) throws(Failure) -> Void
    ) throws(Failure) {
        guard depth <= maxDepth else { throw Failure(detail: "it is nested deeper than \(maxDepth)") }
        guard skip("[", in: text, at: &index) else { throw Failure(detail: "it is not a JSON list") }
        skipSpace(in: text, at: &index)
        if skip("]", in: text, at: &index) { return }
        while true {
            skipSpace(in: text, at: &index)
            try item(text, &index)
            skipSpace(in: text, at: &index)
            if skip(",", in: text, at: &index) { continue }
            guard skip("]", in: text, at: &index) else { throw Failure(detail: "an array is not closed") }
            return
        }
    }

    /// Passes over a value.
    ///
    /// - Parameter depth: of what the value is in.
    static func skipValue(in text: Span<UInt8>, at index: inout Int, depth: Int) throws(Failure) {
        _ = try field(in: text, at: &index, depth: depth)
    }

    /// Reads a value of any type.
    ///
    /// - Parameter depth: of what the value is in.
    static func field(in text: Span<UInt8>, at index: inout Int, depth: Int) throws(Failure) -> JSONField {
        guard index < text.count else { throw Failure(detail: "a value is missing") }
        let start = index
        switch text[index] {
        case UInt8(ascii: "{"):
            try object(in: text, at: &index, depth: depth + 1) { (_, _, _) throws(Failure) -> Bool in false }
            return JSONField(kind: .object, range: start..<index)
        case UInt8(ascii: "["):
            try list(in: text, at: &index, depth: depth + 1) { (text, index) throws(Failure) in
                try skipValue(in: text, at: &index, depth: depth + 1)
            }
            return JSONField(kind: .list, range: start..<index)
        case UInt8(ascii: "\""):
            guard let string = try string(in: text, at: &index) else { throw Failure(detail: "a value is missing") }
            return JSONField(kind: .string(isEscaped: string.isEscaped), range: string.range)
        default:
            let word = bare(in: text, at: &index)
            guard let first = word.first else { throw Failure(detail: "a value is missing") }
            if text[first] <= UInt8(ascii: "9") { return JSONField(kind: .number, range: word) }
            let string = JSONString(range: word, isEscaped: false)
            if string.matches("true", in: text) || string.matches("false", in: text) {
                return JSONField(kind: .flag, range: word)
            }
            guard string.matches("null", in: text) else {
                throw Failure(detail: "a value is neither a number nor true, false or null")
            }
            return JSONField(kind: .null, range: word)
        }
    }

    /// Reads a string; nil when there is none here.
    static func string(in text: Span<UInt8>, at index: inout Int) throws(Failure) -> JSONString? {
        guard index < text.count, text[index] == UInt8(ascii: "\"") else { return nil }
        let start = index + 1
        // A local place: through `inout`, each step would wait for the memory.
        var place = start
        var isEscaped = false
        while place < text.count {
            let byte = text[place]
            if byte == UInt8(ascii: "\"") {
                index = place + 1
                return JSONString(range: start..<place, isEscaped: isEscaped)
            }
            guard byte >= 0x20 else { throw Failure(detail: "a string holds a control character") }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                guard JSONEscape.unit(in: text, at: &place) != nil else {
                    throw Failure(detail: "a string holds an escape that JSON does not have")
                }
            } else {
                place += 1
            }
        }
        throw Failure(detail: "a string is not closed")
    }

    /// A number or a word, as far as it goes.
    static func bare(in text: Span<UInt8>, at index: inout Int) -> Range<Int> {
        let start = index
        while index < text.count, isBare(text[index]) { index += 1 }
        return start..<index
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    static func skipSpace(in text: Span<UInt8>, at index: inout Int) {
        while index < text.count {
            switch text[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private static func skip(_ sign: Unicode.Scalar, in text: Span<UInt8>, at index: inout Int) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: sign) else { return false }
        index += 1
        return true
    }

    /// 3 where a text begins with the byte order mark of UTF-8, which some writers put there; else 0.
    static func start(of text: Span<UInt8>) -> Int {
        text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
    }
}
