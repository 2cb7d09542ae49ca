/// Makes text from files and peers safe to print, log or write.
public enum PrintableText {
    /// Escapes terminal control sequences, invisible characters and changes of writing direction as JSON does
    /// (`\u001b`), so that they are visible and have no effect. JSON remains valid JSON.
    ///
    /// - Parameter keepsLines: whether line breaks and tabs are kept, for multi-line text.
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

    /// At most `limit` scalars; characters that control the terminal, the line or the writing direction become `?`.
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
