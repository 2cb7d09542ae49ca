/// A telephone number masked for display: calls remain distinguishable, but the number cannot be dialled.
public enum MaskedNumber {
    /// - Returns: `+49•••••22` for `+4930111222`; five characters or fewer are masked entirely.
    public static func text(_ number: String) -> String {
        guard number.count > 5 else { return String(repeating: "•", count: number.count) }
        return number.prefix(3) + String(repeating: "•", count: number.count - 5) + number.suffix(2)
    }
}
