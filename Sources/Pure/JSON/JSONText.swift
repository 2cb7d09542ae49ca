/// Writes JSON (RFC 8259) into bytes that are used again; commas come by themselves.
///
///     var json = JSONText()
///     json.beginObject()
///     json.member("track", "inbound")
///     json.member("start", 1.25)
///     json.endObject()  // {"track":"inbound","start":1.25}
package struct JSONText: Sendable {
    /// What was written so far, UTF-8.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    /// Begins anew and keeps the storage.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    package mutating func beginObject() { open("{") }
    package mutating func endObject() { close("}") }
    package mutating func beginArray() { open("[") }
    package mutating func endArray() { close("]") }

    /// A member's name; its value must follow.
    package mutating func key(_ name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func value(_ text: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 { escape(byte) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Text that is UTF-8 already; what is not valid becomes U+FFFD.
    package mutating func value(utf8 text: [UInt8]) {
        guard (try? UTF8Span(validating: text.span)) != nil else {
            value(String(decoding: text, as: UTF8.self))
            return
        }
        comma()
        bytes.append(UInt8(ascii: "\""))
        for byte in text { escape(byte) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A number rounded to what is measured; what is not finite becomes null, −0 becomes 0.
    ///
    /// - Parameter decimals: digits after the point at most; a number below 0.1 keeps three digits that count.
    package mutating func value(_ number: Double, decimals: Int = 3) {
        guard number.isFinite else { return null() }
        comma()
        let rounded = Self.rounded(number, decimals: decimals)
        bytes.append(contentsOf: (rounded == 0 ? 0.0 : rounded).description.utf8)
    }

    private static let powers = (0...12).map { n in (0..<n).reduce(1.0) { power, _ in power * 10 } }

    private static func rounded(_ number: Double, decimals: Int) -> Double {
        let size = abs(number)
        // Beyond 2⁵³ the product is whole anyway: such a number has no digits after the point that count.
        guard size * powers[decimals] < 9e15 else { return number }
        var power = powers[decimals]
        if size < 0.1, size > 1e-9 {
            var digits = decimals
            // Three digits that count: 0.000031 s is not 0.
            while digits < 12, size * powers[digits] < 100 { digits += 1 }
            power = powers[digits]
        }
        return (number * power).rounded() / power
    }

    package mutating func value(_ integer: Int64) {
        comma()
        bytes.append(contentsOf: integer.description.utf8)
    }

    /// A value that is JSON already.
    package mutating func value(json: [UInt8]) {
        comma()
        bytes.append(contentsOf: json)
    }

    package mutating func value(_ flag: Bool) {
        comma()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    package mutating func null() {
        comma()
        bytes.append(contentsOf: "null".utf8)
    }

    package mutating func member(_ name: String, text: String) {
        key(name)
        value(text)
    }

    package mutating func member(_ name: String, number: Double, decimals: Int = 3) {
        key(name)
        value(number, decimals: decimals)
    }

    /// A number that may not be known: null then.
    package mutating func member(_ name: String, number: Double?) { member(name, number: number ?? .nan) }

    package mutating func member(_ name: String, integer: Int64) {
        key(name)
        value(integer)
    }

    package mutating func member(_ name: String, flag: Bool) {
        key(name)
        value(flag)
    }

    /// Ends a line of JSON Lines; the next value stands for itself.
    package mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        comma()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // RFC 8259 §7: the quotation mark, the backslash and U+0000 to U+001F must be escaped; DEL is, for terminals' sake.
    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20, 0x7F:
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(Self.hex(byte >> 4))
            bytes.append(Self.hex(byte & 15))
        default: bytes.append(byte)
        }
    }

    private static func hex(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
