/// Finds keys in what a terminal sends: arrows come as several bytes, and much may come at once.
struct TerminalKeys {
    private static let escape: UInt8 = 0x1B
    /// The beginning of a key whose rest is still to come.
    private var pending: [UInt8] = []

    var isWaiting: Bool { !pending.isEmpty }

    /// The keys that are whole.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> [MonitorState.Key] {
        var keys: [MonitorState.Key] = []
        for byte in bytes {
            switch pending.count {
            case 0 where byte == Self.escape: pending = [byte]
            case 0: if let key = Self.key(byte) { keys.append(key) }
            case 1 where byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O"): pending.append(byte)
            case 1:
                // Escape, and then another key.
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

    /// Nothing followed: what was begun is Escape.
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
