/// One column of a track's rows. Its name ends in its unit unless it is a ratio or a probability.
public struct Column: Sendable, Hashable {
    public let name: String
    /// A one-line description of the value, with its formula.
    public let summary: String
    public let unit: String
    /// The possible values, for documentation: `−96…0`.
    public let range: String
    /// Decimal places in text formats.
    public let decimals: Int

    public init(_ name: String, unit: String, range: String, decimals: Int, _ summary: String) {
        self.name = name
        self.summary = summary
        self.unit = unit
        self.range = range
        self.decimals = decimals
    }
}
