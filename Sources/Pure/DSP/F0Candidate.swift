/// One answer to what the fundamental frequency of a span may be.
public struct F0Candidate: Sendable, Hashable {
    /// In Hz, above 0.
    public var hz: Float
    /// How well the span repeats itself after one period, 0…1.
    public var strength: Float
    /// What it counts for against the others: the strength, less a small cost for a long period.
    public var merit: Float

    public init(hz: Float, strength: Float, merit: Float) {
        self.hz = hz
        self.strength = strength
        self.merit = merit
    }
}
