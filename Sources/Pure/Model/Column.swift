/// One column of a track's rows. Its name ends in its unit unless it is a ratio or a probability.
public struct Column: Sendable, Hashable {
    public let name: String
    /// What the value means, in one line, with its formula.
    public let summary: String
    public let unit: String
    /// The values that may appear, as documentation: `−96…0`.
    public let range: String
    /// Digits after the point in text formats.
    public let decimals: Int

    public init(_ name: String, unit: String, range: String, decimals: Int, _ summary: String) {
        self.name = name
        self.summary = summary
        self.unit = unit
        self.range = range
        self.decimals = decimals
    }
}
