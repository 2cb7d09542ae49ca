public import SidetoneModel

/// Options of the signals about media arrival, which the receiver derives from packet arrival times.
public struct MediaOptions: SignalOptions, Equatable {
    public var stalledMs = 2_000

    /// The signal that it is about.
    public static let signal = "media.stalled"

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "stalled_ms", \.stalledMs, in: 100...600_000,
            "Time without a packet of a track, or of an open stream, after which media.stalled is reported, in "
                + "milliseconds of the receiver's clock.")
    ]
}
