/// Writes JSON: compact, UTF-8, members in their order.
public enum JSONWriter {
    public static func bytes(of value: JSONValue) -> [UInt8] { Array(text(of: value).utf8) }

    public static func text(of value: JSONValue) -> String {
        var text = ""
        write(value, to: &text)
        return text
    }

    private static func write(_ value: JSONValue, to text: inout String) {
        switch value {
        case .null: text += "null"
        case .flag(let flag): text += flag ? "true" : "false"
        case .number(let number): text += number.literal
        case .text(let string): text += quoted(string)
        case .list(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += "," }
                write(item, to: &text)
            }
            text += "]"
        case .object(let object):
            text += "{"
            for (index, member) in object.members.enumerated() {
                if index > 0 { text += "," }
                text += quoted(member.name)
                text += ":"
                write(member.value, to: &text)
            }
            text += "}"
        }
    }

    /// A JSON string with its quotation marks. RFC 8259 §7: quotation mark, backslash and controls are escaped.
    ///
    /// - Parameter asciiOnly: also escapes everything past U+007E, so that no invisible letter reaches a log.
    static func quoted(_ string: String, asciiOnly: Bool = false) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (asciiOnly && scalar.value > 0x7E):
                for unit in String(scalar).utf16 { text += "\\u" + hex(unit) }
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func hex(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
