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
            "A longer jump of the timestamps of both tracks, with no pause in the arrival of packets, is a new clock and "
                + "not a gap, in seconds."),
        Setting(
            "wrong_codec_packets", \.wrongCodecPackets, in: 0...1_000,
            "Packets with sound that are looked at before another codec than the announced one is suspected; 0 for never."
        ),
    ]
}
