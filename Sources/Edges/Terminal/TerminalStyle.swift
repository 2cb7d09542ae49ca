/// How parts of a screen stand out.
package enum TerminalStyle: Sendable {
    /// Text alone, for a file or a pipe.
    case plain
    /// Bold, faint and reversed, for a terminal of somebody who wants no colours (no-color.org).
    case marked
    /// Colours too.
    case coloured

    /// What a part of the screen is; the raw value is the parameter of SGR (ECMA-48 §8.3.117).
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
