public import SidetoneModel

/// What is measured of each track, and on which grid.
public struct AnalysisSettings: Sendable, Equatable {
    public var windowMs = 25.0
    public var hopMs = 10.0
    public var features = ["level", "spectrum"]
    public var detect = DetectSettings()
    /// The `signal` stage.
    public var signals = SignalSettings()

    public init() {}

    /// The settings of the `measure` stage.
    public static let fields: [Setting<Self>] = [
        Setting("window_ms", \.windowMs, in: 5...200, "What one row looks at, in milliseconds."),
        Setting("hop_ms", \.hopMs, in: 1...200, "From one row's start to the next one's, in milliseconds."),
        Setting("features", \.features, among: FeatureCatalog.all.map { $0.name }, "The sets of measures in each row."),
    ]

    /// The grid for a track of a rate.
    public func grid(sampleRate: Int) -> FrameGrid {
        FrameGrid(sampleRate: sampleRate, windowMs: windowMs, hopMs: hopMs)
    }
}

/// How speech is told from the rest: the settings of the `detect` stage.
public struct DetectSettings: Sendable, Equatable {
    public var vad = "default"
    public var onsetMs = 60
    public var hangoverMs = 240

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "vad", \.vad, oneOf: ["default"] + SpeechDetectorCatalog.all.map { $0.name },
            "The detector of speech."),
        Setting(
            "onset_ms", \.onsetMs, in: 10...500, "Speech must last this long to open a talk spurt, in milliseconds."),
        Setting(
            "hangover_ms", \.hangoverMs, in: 0...2_000, "Silence must last this long to close it, in milliseconds."),
    ]
}
