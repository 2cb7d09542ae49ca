/// The keys that the caller presses, with their times. `1234` is pressed key by key when digits are gathered;
/// `2.5:1,3.0:2` at seconds of the call, in any state.
package struct KeyScript: Sendable, Hashable {
    /// Delay before the first key while digits are gathered, and between keys, in milliseconds.
    static let paceMs: Int64 = 300
    /// Duration of a key press, in milliseconds.
    package static let heldMs: Int64 = 100
    /// Keys of a telephone, and the four of ITU-T Q.23 beyond them.
    private static let keypad = Set("1234567890*#ABCD")
    /// Maximum keys of one script; Sidetone's limit.
    static let most = 1_000

    /// Keys with times, in chronological order.
    private var timed: [(seconds: Double, key: Character)] = []
    /// Keys without times, for gathering.
    private var keys: [Character] = []
    private var next: Int64?

    package init() {}

    /// - Returns: nil when the text is neither keys nor seconds with keys.
    package init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard text.utf8.count <= 16_384, parts.count <= Self.most else { return nil }
        if !text.contains(":") {
            guard !text.isEmpty, text.count <= Self.most, text.allSatisfy(Self.keypad.contains) else { return nil }
            keys = Array(text)
            return
        }
        for part in parts {
            let pair = part.split(separator: ":", omittingEmptySubsequences: false)
            guard pair.count == 2, let seconds = Double(pair[0]), (0...86_400).contains(seconds), pair[1].count == 1,
                let key = pair[1].first, Self.keypad.contains(key)
            else { return nil }
            timed.append((seconds, key))
        }
        // Stable: keys with equal times keep their order.
        timed.sort { $0.seconds < $1.seconds }
    }

    /// The key pressed at this time; nil for none. Call once per position.
    package mutating func press(at position: Int64, sampleRate: Int, isGathering: Bool) -> Character? {
        if let first = timed.first {
            guard Double(position) / Double(sampleRate) >= first.seconds else { return nil }
            timed.removeFirst()
            return first.key
        }
        guard isGathering, !keys.isEmpty else {
            next = nil
            return nil
        }
        let pause = Self.paceMs * Int64(sampleRate) / 1_000
        guard let due = next else {
            next = position + pause
            return nil
        }
        guard position >= due else { return nil }
        next = position + pause
        return keys.removeFirst()
    }

    package static func == (left: KeyScript, right: KeyScript) -> Bool {
        left.keys == right.keys && left.next == right.next && left.timed.map(\.seconds) == right.timed.map(\.seconds)
            && left.timed.map(\.key) == right.timed.map(\.key)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(keys)
        hasher.combine(timed.map(\.seconds))
        hasher.combine(timed.map(\.key))
    }
}
