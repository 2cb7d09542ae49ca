/// The text attributes of a screen.
package enum TerminalStyle: Sendable {
    /// Plain text, for a file or a pipe.
    case plain
    /// Bold, faint and reverse video without colours (no-color.org).
    case marked
    /// Colours as well.
    case coloured

    /// The role of a part of the screen; the raw value is the SGR parameter (ECMA-48 §8.3.117).
    enum Role: Int, Sendable {
        case strong = 1
        case muted = 2
        case chosen = 7
        case alert = 31
        case outbound = 33
        case inbound = 36

        var isColour: Bool { rawValue >= 30 }
    }

    func show(_ tone: Role, text: String) -> String {
        switch self {
        case .plain: text
        case .marked where tone.isColour: text
        case .marked, .coloured: "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
        }
    }
}
