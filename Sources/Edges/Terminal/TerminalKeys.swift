/// Decodes keys from terminal input: arrow keys send several bytes, and several keys may arrive at once.
struct TerminalKeys {
    private static let escape: UInt8 = 0x1B
    /// The bytes of an incomplete key.
    private var pending: [UInt8] = []

    var isWaiting: Bool { !pending.isEmpty }

    /// Returns the complete keys.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> [MonitorState.Key] {
        var keys: [MonitorState.Key] = []
        for byte in bytes {
            switch pending.count {
            case 0 where byte == Self.escape: pending = [byte]
            case 0: if let key = Self.key(byte) { keys.append(key) }
            case 1 where byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O"): pending.append(byte)
            case 1:
                // Escape followed by another key.
                pending = byte == Self.escape ? [byte] : []
                keys.append(.back)
                if byte != Self.escape, let key = Self.key(byte) { keys.append(key) }
            default:
                // A sequence ends with a byte from @ on (ECMA-48 §5.4).
                guard byte >= 0x40 else { break }
                if let key = Self.arrow(byte) { keys.append(key) }
                pending = []
            }
        }
        return keys
    }

    /// Called when no further byte arrives: an incomplete key is Escape.
    mutating func abandon() -> [MonitorState.Key] {
        defer { pending = [] }
        return pending == [Self.escape] ? [.back] : []
    }

    private static func key(_ byte: UInt8) -> MonitorState.Key? {
        switch byte {
        case UInt8(ascii: "k"): .up
        case UInt8(ascii: "j"): .down
        case 0x0A, 0x0D: .choose
        case 0x7F, 0x08: .back
        case UInt8(ascii: "q"), 0x03, 0x04: .quit
        default: nil
        }
    }

    private static func arrow(_ last: UInt8) -> MonitorState.Key? {
        switch last {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .choose
        case UInt8(ascii: "D"): .back
        default: nil
        }
    }
}
