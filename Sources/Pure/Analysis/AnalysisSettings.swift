public import SidetoneDSP
public import SidetoneModel

/// What is measured of each track, and on which grid.
public struct AnalysisSettings: Sendable, Equatable {
    public var windowMs = 25.0
    public var hopMs = 10.0
    public var features = ["level", "spectrum", "speech"]
    public var melPreset = MelSettings.Preset.librosa.rawValue
    public var melBands = 40
    public var mfccCount = 13
    public var f0MinHz = 55.0
    public var f0MaxHz = 500.0
    public var detect = DetectSettings()
    /// The `signal` stage.
    public var signals = SignalSettings()

    public init() {}

    /// The mel bands of `mel` and `mfcc`.
    public var mel: MelSettings {
        MelSettings(preset: MelSettings.Preset(rawValue: melPreset) ?? .librosa, bands: melBands)
    }

    /// The settings of the `measure` stage.
    public static let fields: [Setting<Self>] = [
        Setting("window_ms", \.windowMs, in: 5...200, "What one row looks at, in milliseconds."),
        Setting(
            "hop_ms", \.hopMs, in: 1...200,
            "From one row's start to the next one's, in milliseconds; at most window_ms."),
        Setting("features", \.features, among: FeatureCatalog.all.map { $0.name }, "The sets of measures in each row."),
        Setting(
            "mel_preset", \.melPreset, oneOf: MelSettings.Preset.allCases.map(\.rawValue),
            "Whose mel bands: kaldi, from 20 Hz to half the rate, in ln; librosa, from 0 Hz to half the rate, in dB."),
        Setting("mel_bands", \.melBands, in: 2...128, "How many mel bands, in mel and under mfcc."),
        Setting("mfcc_count", \.mfccCount, in: 1...64, "How many coefficients, at most mel_bands."),
        Setting("f0_min_hz", \.f0MinHz, in: 40...200, "The lowest fundamental frequency looked for, in Hz."),
        Setting("f0_max_hz", \.f0MaxHz, in: 250...1_000, "The highest fundamental frequency looked for, in Hz."),
    ]

    /// What is wrong with window and hop together, and what would be right; nil where they fit.
    public var gridProblem: String? {
        guard hopMs > windowMs else { return nil }
        let hop = format(hopMs)
        let window = format(windowMs)
        return "hop_ms is \(hop) and window_ms is \(window): the samples between two windows would be in no row; "
            + "set hop_ms to \(window) or less, or window_ms to \(hop) or more"
    }

    private func format(_ ms: Double) -> String { ms == ms.rounded() ? String(Int(ms)) : String(ms) }

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
    /// The networks at hand: no setting of a file, filled by whoever starts the analysis.
    public var models = SpeechModels()

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "vad", \.vad, oneOf: ["auto", "default"] + SpeechDetectorCatalog.all.map { $0.name },
            "The detector of speech."),
        Setting(
            "onset_ms", \.onsetMs, in: 10...500, "Speech must last this long to open a talk spurt, in milliseconds."),
        Setting(
            "hangover_ms", \.hangoverMs, in: 0...2_000, "Silence must last this long to close it, in milliseconds."),
    ]
}
