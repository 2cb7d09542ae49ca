/// Text from outside, made safe to print or to write.
package enum Printable {
    /// At most `limit` scalars; what controls the terminal, the line or the writing direction becomes `?`.
    package static func short(_ text: String, limit: Int = 40) -> String {
        var short = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: short.append("?")
            default: short.append(scalar)
            }
        }
        return String(short) + (text.unicodeScalars.count > limit ? "…" : "")
    }

    /// The inside of a JSON string.
    package static func jsonEscaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
