/// Text of strangers, made fit to be shown or written.
enum Printable {
    /// At most 40 scalars; what controls the terminal, the line or the writing direction becomes `?`.
    static func short(_ text: String) -> String {
        var short = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(40) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: short.append("?")
            default: short.append(scalar)
            }
        }
        return String(short) + (text.unicodeScalars.count > 40 ? "…" : "")
    }

    /// The inside of a JSON string.
    static func jsonEscaped(_ text: String) -> String {
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
