public import SidetoneModel

/// How packets become a continuous track.
public struct TimelineSettings: Sendable, Equatable {
    public var reorderPackets = 5
    public var maxGapS = 300
    public var wrongCodecPackets = 50

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "reorder_packets", \.reorderPackets, in: 0...100,
            "Packets that may overtake a missing one before its place is concealed."),
        Setting(
            "max_gap_s", \.maxGapS, in: 1...3_600,
            "A longer jump of the timestamps is taken for a new clock, not for a gap, in seconds."),
        Setting(
            "wrong_codec_packets", \.wrongCodecPackets, in: 0...1_000,
            "Packets with sound that are looked at before another codec than the announced one is suspected; 0 for never."
        ),
    ]
}

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
    /// Samples concealed in all gaps.
    public var concealedSamples: Int64 = 0
    /// Jumps of the timestamps that were taken for a new clock.
    public var jumps = 0
    /// Samples cut off because the platform's clock ran slower than its samples.
    public var surplusSamples: Int64 = 0
    /// Bytes at the end of payloads that made no sample.
    public var oddBytes = 0

    public init() {}
}

/// A stretch of the track where packets never came, and was concealed.
public struct Gap: Sendable, Hashable {
    public enum Cause: String, Sendable {
        /// Packets were lost: their places or numbers are missing.
        case lost
        /// The platform sent nothing: its packets are numbered without a break.
        case notSent = "not_sent"
    }

    public var first: Int64
    public var count: Int64
    public var cause: Cause

    public init(first: Int64, count: Int64, cause: Cause) {
        self.first = first
        self.count = count
        self.cause = cause
    }
}
