/// A telephone number as it may be shown: enough to tell two calls apart, too little to call anyone.
public enum MaskedNumber {
    /// - Returns: `+49•••••22` for `+4930111222`; five signs or fewer are masked in full.
    public static func text(_ number: String) -> String {
        guard number.count > 5 else { return String(repeating: "•", count: number.count) }
        return number.prefix(3) + String(repeating: "•", count: number.count - 5) + number.suffix(2)
    }
}
