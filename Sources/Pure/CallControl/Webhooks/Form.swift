public import SidetoneJSON

/// Fields as `application/x-www-form-urlencoded`, in order: the body of cXML callbacks, and query strings.
///
/// Encoding and decoding follow the WHATWG URL standard, section 5, but invalid escapes and invalid UTF-8 are rejected.
public struct Form: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var fields: [Field]

    public init(_ fields: [Field] = []) { self.fields = fields }

    /// The first field of that name.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The fields as a JSON object of texts; of duplicate names, the first one.
    ///
    /// - Complexity: O(bytes).
    var object: JSONObject {
        var names: Set<String> = []
        return JSONObject(
            fields.filter { names.insert($0.name).inserted }.map { JSONMember($0.name, .text($0.value)) })
    }

    /// Reads a form.
    /// - Throws: when it is not a form.
    /// - Complexity: O(bytes).
    public static func read(_ bytes: [UInt8], limits: DocumentLimits = .standard) throws(Diagnostics) -> Form {
        guard bytes.count <= limits.bytes else {
            throw Diagnostics(
                Diagnostic(
                    .tooLarge, at: JSONPath(), wrong: "has \(bytes.count) bytes",
                    allowed: "at most \(limits.bytes) bytes",
                    remedy: "send less"))
        }
        var fields: [Field] = []
        for (index, pair) in bytes.split(separator: UInt8(ascii: "&")).enumerated() {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            guard let decodedName = decode(name), let value = decode(pair[name.endIndex...].dropFirst()) else {
                throw Diagnostics(
                    Diagnostic(
                        .malformed, at: JSONPath([.item(index)]), wrong: "has an invalid escape",
                        allowed: "%XX of UTF-8",
                        remedy: "percent-encode UTF-8 bytes with two hex digits each"))
            }
            guard fields.count < limits.steps else {
                throw Diagnostics(
                    Diagnostic(
                        .tooLarge, at: JSONPath(), wrong: "has too many fields", allowed: "at most \(limits.steps)",
                        remedy: "send fewer"))
            }
            fields.append(Field(decodedName, value))
        }
        return Form(fields)
    }

    public func write() -> [UInt8] {
        Array(fields.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&").utf8)
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"): decoded.append(0x20)
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = Character(Unicode.Scalar(bytes[index + 1])).hexDigitValue,
                    let low = Character(Unicode.Scalar(bytes[index + 2])).hexDigitValue
                else { return nil }
                decoded.append(UInt8(high << 4 | low))
                index += 2
            case let byte: decoded.append(byte)
            }
            index += 1
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x20: encoded += "+"
            case 0x2A, 0x2D, 0x2E, 0x5F: encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where isASCIILetter(byte) || isASCIIDigit(byte):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return encoded
    }
}
