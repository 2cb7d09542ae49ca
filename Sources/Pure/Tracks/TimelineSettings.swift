public import SidetoneModel

/// Settings for aligning packets to a continuous track.
public struct TimelineSettings: Sendable, Equatable {
    public var reorderPackets = 5
    public var maxGapS = 300
    public var wrongCodecPackets = 50

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "reorder_packets", \.reorderPackets, in: 0...100,
            "Number of packets that may overtake a missing one before it is concealed."),
        Setting(
            "max_gap_s", \.maxGapS, in: 1...3_600,
            "A longer timestamp jump on both tracks, without a pause in packet arrival, is treated as a clock reset "
                + "instead of a gap, in seconds."),
        Setting(
            "wrong_codec_packets", \.wrongCodecPackets, in: 0...1_000,
            "Number of packets with sound examined before a codec other than the announced one is suspected; 0 = never."
        ),
    ]
}
