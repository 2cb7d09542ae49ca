public import SidetoneDSP
public import SidetoneModel

/// The features measured per track, and their grid.
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
        Setting("window_ms", \.windowMs, in: 5...200, "Duration of the window of a row, in milliseconds."),
        Setting(
            "hop_ms", \.hopMs, in: 1...200,
            "Distance between the starts of consecutive rows, in milliseconds; at most window_ms."),
        Setting("features", \.features, among: FeatureCatalog.all.map { $0.name }, "The feature sets in each row."),
        Setting(
            "mel_preset", \.melPreset, oneOf: MelSettings.Preset.allCases.map(\.rawValue),
            "Mel convention: kaldi, from 20 Hz to half the rate, in ln; librosa, from 0 Hz to half the rate, in dB."),
        Setting("mel_bands", \.melBands, in: 2...128, "Number of mel bands, for mel and mfcc."),
        Setting("mfcc_count", \.mfccCount, in: 1...64, "Number of coefficients, at most mel_bands."),
        Setting("f0_min_hz", \.f0MinHz, in: 40...200, "Lowest fundamental frequency to search, in Hz."),
        Setting("f0_max_hz", \.f0MaxHz, in: 250...1_000, "Highest fundamental frequency to search, in Hz."),
    ]

    /// The conflict between window and hop with its solution; nil where they are compatible.
    public var gridProblem: String? {
        guard hopMs > windowMs else { return nil }
        let hop = format(hopMs)
        let window = format(windowMs)
        return "hop_ms is \(hop) and window_ms is \(window): the samples between two windows would be in no row; "
            + "set hop_ms to \(window) or less, or window_ms to \(hop) or more"
    }

    private func format(_ ms: Double) -> String { ms == ms.rounded() ? String(Int(ms)) : String(ms) }

    /// The grid for a track with a given sample rate.
    public func grid(sampleRate: Int) -> FrameGrid {
        FrameGrid(sampleRate: sampleRate, windowMs: windowMs, hopMs: hopMs)
    }
}

/// Settings of speech detection: the `detect` stage.
public struct DetectSettings: Sendable, Equatable {
    public var vad = "default"
    public var onsetMs = 60
    public var hangoverMs = 240
    /// The available networks; not a setting of a file, but provided by the caller of an analysis.
    public var models = SpeechModels()

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "vad", \.vad, oneOf: ["auto", "default"] + SpeechDetectorCatalog.all.map { $0.name },
            "The speech detector."),
        Setting(
            "onset_ms", \.onsetMs, in: 10...500, "Duration of speech that opens a talk spurt, in milliseconds."),
        Setting(
            "hangover_ms", \.hangoverMs, in: 0...2_000, "Duration of silence that closes it, in milliseconds."),
    ]
}
