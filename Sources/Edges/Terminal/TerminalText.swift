/// Text for a terminal: of a known width, and without control sequences of untrusted text.
enum TerminalText {
    /// Characters that control the terminal, the line or the writing direction become `·`.
    static func safe(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: safe.append("·")
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }

    /// The text in exactly `width` characters: truncated with `…`, or padded.
    static func fit(_ text: String, width: Int, right: Bool = false) -> String {
        let text = safe(text)
        guard width > 0 else { return "" }
        if text.count > width { return text.prefix(width - 1) + "…" }
        let padding = String(repeating: " ", count: width - text.count)
        return right ? padding + text : text + padding
    }

    /// `1:05`, `1:02:05`.
    static func clock(_ seconds: Double) -> String {
        let whole = seconds.isFinite ? Int(max(0, min(seconds, 1e8))) : 0
        let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, whole % 60)
        let tail = rest < 10 ? "0\(rest)" : "\(rest)"
        guard hours > 0 else { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }

    /// One decimal.
    static func tenths(_ value: Double?) -> String {
        guard let value, value.isFinite, abs(value) < 1e9 else { return "–" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// A level from −60 to 0 dBFS as a bar of eighths.
    static func bar(_ level: Double?, width: Int) -> String {
        let eighths = Array(" ▏▎▍▌▋▊▉")
        let share = max(0, min(1, ((level ?? -96) + 60) / 60))
        let filled = Int((share * Double(width) * 8).rounded())
        let whole = String(repeating: "█", count: filled / 8)
        let rest = filled % 8 == 0 ? "" : String(eighths[filled % 8])
        return whole + rest + String(repeating: " ", count: max(0, width - whole.count - rest.count))
    }

    /// A level as one character of eight heights.
    static func height(_ level: Double) -> Character {
        let heights = Array(" ▁▂▃▄▅▆▇█")
        return heights[Int((max(0, min(1, (level + 60) / 60)) * 8).rounded())]
    }
}
