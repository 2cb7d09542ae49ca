/// A candidate for the fundamental frequency of a span.
public struct F0Candidate: Sendable, Hashable {
    /// In Hz, above 0.
    public var hz: Float
    /// The similarity of the span to itself after one period, 0…1.
    public var strength: Float
    /// Its rank among the candidates: the strength less a small cost for a long period.
    public var merit: Float

    public init(hz: Float, strength: Float, merit: Float) {
        self.hz = hz
        self.strength = strength
        self.merit = merit
    }
}
