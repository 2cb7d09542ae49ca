/// Parses JSON strictly by RFC 8259, within limits, and reports the position of every duplicate key. Of duplicate keys,
/// the first value is kept. Deep nesting is rejected at the limit, before it is built.
public struct JSONReader {
    let bytes: [UInt8]
    let limits: DocumentLimits
    var position = 0
    private var path = JSONPath()
    private var depth = 0
    private var diagnostics: Diagnostics

    private init(_ bytes: [UInt8], limits: DocumentLimits, diagnostics: Diagnostics) {
        self.bytes = bytes
        self.limits = limits
        self.diagnostics = diagnostics
    }

    /// - Returns: the document; nil if it cannot be parsed, in which case the last diagnostic states the reason.
    /// - Complexity: O(bytes); the stack is as deep as `limits.depth` allows.
    public static func read(
        _ bytes: [UInt8], limits: DocumentLimits = .standard, into diagnostics: inout Diagnostics
    ) -> JSONValue? {
        guard bytes.count <= limits.bytes else {
            diagnostics.add(
                Diagnostic(
                    .tooLarge, at: JSONPath(), wrong: "has \(bytes.count) bytes",
                    allowed: "at most \(limits.bytes) bytes",
                    remedy: "split the document; `redirect` can load the rest"))
            return nil
        }
        var reader = JSONReader(bytes, limits: limits, diagnostics: diagnostics)
        defer { diagnostics = reader.diagnostics }
        do throws(Diagnostic) {
            return try reader.document()
        } catch {
            reader.diagnostics.add(error)
            return nil
        }
    }

    private mutating func document() throws(Diagnostic) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw malformed(
                "begins with a byte order mark", remedy: "save the file as UTF-8 without one (RFC 8259 §8.1)")
        }
        skipSpace()
        guard position < bytes.count else { throw malformed("is empty", remedy: "write a JSON object") }
        let value = try value()
        skipSpace()
        guard position == bytes.count else {
            throw malformed("goes on after its end \(place)", remedy: "send one JSON value and nothing behind it")
        }
        return value
    }

    private mutating func value() throws(Diagnostic) -> JSONValue {
        switch peek() {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .list(try list())
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", value: .flag(true))
        case UInt8(ascii: "f"): return try word("false", value: .flag(false))
        case UInt8(ascii: "n"): return try word("null", value: .null)
        case let byte? where byte == UInt8(ascii: "-") || isASCIIDigit(byte): return .number(try number())
        case nil: throw malformed("ends \(place) where a value is due", remedy: "send the document whole")
        default: throw malformed("has no JSON value \(place)", remedy: "texts need double quotation marks, names too")
        }
    }

    private mutating func object() throws(Diagnostic) -> JSONObject {
        try enter()
        defer { depth -= 1 }
        var members: [JSONMember] = []
        var names: Set<String> = []
        skipSpace()
        if consume("}") { return JSONObject() }
        while true {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else {
                throw malformed(
                    "has no member name \(place)", remedy: "write \"name\": value, without a comma after the last")
            }
            let name = try string()
            skipSpace()
            guard consume(":") else { throw malformed("has no colon \(place)", remedy: "write \"name\": value") }
            skipSpace()
            path.steps.append(.member(name))
            let value = try value()
            if names.insert(name).inserted {
                members.append(JSONMember(name, value))
            } else {
                diagnostics.add(
                    Diagnostic(
                        .duplicateKey, at: path, wrong: "stands there twice", allowed: "each key once",
                        remedy: "keep one; readers differ in which they believe"))
            }
            path.steps.removeLast()
            skipSpace()
            if consume(",") { continue }
            if consume("}") { break }
            throw malformed(
                "has neither a comma nor \"}\" \(place)", remedy: "close what was opened, one comma between members")
        }
        return JSONObject(members)
    }

    private mutating func list() throws(Diagnostic) -> [JSONValue] {
        try enter()
        defer { depth -= 1 }
        var items: [JSONValue] = []
        skipSpace()
        if consume("]") { return items }
        while true {
            skipSpace()
            if peek() == UInt8(ascii: "]") {
                throw malformed("has a comma before \"]\" \(place)", remedy: "leave out the comma after the last item")
            }
            path.steps.append(.item(items.count))
            items.append(try value())
            path.steps.removeLast()
            skipSpace()
            if consume(",") { continue }
            if consume("]") { break }
            throw malformed(
                "has neither a comma nor \"]\" \(place)", remedy: "close what was opened, one comma between items")
        }
        return items
    }

    /// Passes the opening bracket.
    private mutating func enter() throws(Diagnostic) {
        depth += 1
        guard depth <= limits.depth else {
            throw Diagnostic(
                .tooDeep, at: JSONPath(), wrong: "nests deeper than \(limits.depth) \(place)",
                allowed: "at most \(limits.depth) levels", remedy: "flatten it; no documented field needs more")
        }
        position += 1
    }
}
