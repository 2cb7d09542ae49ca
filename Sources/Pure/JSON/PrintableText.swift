/// Text from files and peers, made safe to print, to log or to write.
public enum PrintableText {
    /// Escapes what controls a terminal, hides, or changes the direction of writing as JSON does: `\u001b`. So an
    /// escape sequence is visible and has no effect, and JSON stays JSON.
    ///
    /// - Parameter keepsLines: whether line ends and tabs stay, for text of several lines.
    public static func escaped(_ text: String, keepsLines: Bool) -> String {
        guard !text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return text }
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard isControl(scalar), !(keepsLines && (scalar == "\n" || scalar == "\t")) else {
                escaped.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 { escaped.append(contentsOf: JSONEscape.text(of: unit).unicodeScalars) }
        }
        return String(escaped)
    }

    /// At most `limit` scalars; what controls the terminal, the line or the direction of writing becomes `?`.
    package static func short(_ text: String, limit: Int = 40) -> String {
        var short = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) { short.append(isControl(scalar) ? "?" : scalar) }
        return String(short) + (text.unicodeScalars.count > limit ? "…" : "")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
