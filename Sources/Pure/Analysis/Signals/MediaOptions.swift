public import SidetoneModel

/// What is told of the arrival of media, whatever it sounds like: by the receiver, from the times at which packets came.
public struct MediaOptions: SignalOptions, Equatable {
    public var stalledMs = 2_000

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "stalled_ms", \.stalledMs, in: 100...600_000,
            "How long no packet of a track, or of an open stream, may come before media.stalled is told, in milliseconds "
                + "of the receiver's clock.")
    ]
}
