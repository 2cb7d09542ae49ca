/// Statistics of a track's packets.
public struct TrackCounters: Sendable, Hashable {
    /// Packets decoded into the track.
    public var packets = 0
    /// Duplicate packets.
    public var duplicates = 0
    /// Packets that arrived after their position had been concealed.
    public var late = 0
    /// Packets that arrived out of order but in time to be reordered.
    public var reordered = 0
    /// Stretches without packets.
    public var gaps = 0
    /// Samples concealed in all gaps, audibly or as silence.
    public var concealedSamples: Int64 = 0
    /// Resets of the platform's clock.
    public var jumps = 0
    /// Packets whose timestamp contradicted its neighbours; their audio follows the packet before.
    public var wrongTimestamps = 0
    /// Packets dropped because too many waited behind a long gap.
    public var refused = 0
    /// Samples cut off because the platform's clock ran slower than its samples.
    public var surplusSamples: Int64 = 0
    /// Trailing payload bytes that did not form a sample.
    public var oddBytes = 0

    public init() {}
}
