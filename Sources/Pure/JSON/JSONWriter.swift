/// Writes JSON (RFC 8259): compact, UTF-8, members in the order in which they are written; commas are set automatically.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.member("track", "inbound")
///     json.member("start", 1.25)
///     json.endObject()  // {"track":"inbound","start":1.25}
public struct JSONWriter: Sendable {
    /// What was written so far, UTF-8. The storage is used again after `removeAll`.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    /// Starts over and keeps the storage.
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
        for byte in text.utf8 { JSONEscape.append(byte, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Text that is UTF-8 already; invalid sequences become U+FFFD.
    package mutating func value(utf8 text: [UInt8]) {
        guard (try? UTF8Span(validating: text.span)) != nil else {
            value(String(decoding: text, as: UTF8.self))
            return
        }
        comma()
        bytes.append(UInt8(ascii: "\""))
        for byte in text { JSONEscape.append(byte, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A number rounded as `JSONNumber.rounded` does; what is not finite becomes null.
    package mutating func value(_ number: Double, decimals: Int = 3) {
        guard number.isFinite else { return null() }
        comma()
        bytes.append(contentsOf: JSONNumber.rounded(number, decimals: decimals).description.utf8)
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

    /// A number that may be unknown: null in that case.
    package mutating func member(_ name: String, number: Double?) { member(name, number: number ?? .nan) }

    package mutating func member(_ name: String, integer: Int64) {
        key(name)
        value(integer)
    }

    package mutating func member(_ name: String, flag: Bool) {
        key(name)
        value(flag)
    }

    /// Ends a line of JSON Lines; the next value is independent.
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
}
