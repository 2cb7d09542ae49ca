/// Text of strangers, made fit to be shown or written.
enum Printable {
    /// At most 40 characters; control characters become `?`.
    static func short(_ text: String) -> String {
        let clean = text.prefix(40).map { character -> Character in
            character.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? "?" : character
        }
        return String(clean) + (text.count > 40 ? "…" : "")
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
