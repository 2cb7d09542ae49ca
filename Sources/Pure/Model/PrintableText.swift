/// Text of files and strangers, made fit for a terminal, a log or one line of a message.
public enum PrintableText {
    /// Writes what controls a terminal, hides, or turns the direction of writing as JSON escapes it: `\u001b`. So an
    /// escape sequence is seen and does nothing, and JSON stays JSON.
    ///
    /// - Parameter keepsLines: whether line ends and tabs stay, for text of several lines.
    public static func escaped(_ text: String, keepsLines: Bool) -> String {
        guard !text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return text }
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard acts(scalar), !(keepsLines && (scalar == "\n" || scalar == "\t")) else {
                escaped.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let hex = String(unit, radix: 16)
                escaped.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".unicodeScalars)
            }
        }
        return String(escaped)
    }

    private static func acts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
