/// What happened to a track's packets.
public struct TrackCounters: Sendable, Hashable {
    /// Packets whose samples stand in the track.
    public var packets = 0
    /// Packets that came twice.
    public var duplicates = 0
    /// Packets that came after their place had been concealed.
    public var late = 0
    /// Packets that came out of order, in time to be put in order.
    public var reordered = 0
    /// Stretches where packets never came.
    public var gaps = 0
    /// Samples concealed in all gaps, audibly or as silence.
    public var concealedSamples: Int64 = 0
    /// Times that the platform's clock was set anew.
    public var jumps = 0
    /// Packets whose timestamp contradicted those around it; their audio follows the packet before.
    public var wrongTimestamps = 0
    /// Packets refused because too many waited behind a long gap.
    public var refused = 0
    /// Samples cut off because the platform's clock ran slower than its samples.
    public var surplusSamples: Int64 = 0
    /// Bytes at the end of payloads that made no sample.
    public var oddBytes = 0

    public init() {}
}
