public import SidetoneDSP
public import SidetoneModel

/// Speech probability and decision.
public struct SpeechFeature: Feature {
    public static let name = "speech"
    public static let summary = "probability of speech, music and tones, and the decision after onset and hangover"
    public static let reference = "scored against labelled telephone audio"
    public static let needs: FrameSpectrum.Needs = .power
    public static let hearsDigits = true

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "speech_probability", unit: "", range: "0…1", decimals: 3,
                "the detector's probability of speech; 0 while a DTMF digit sounds"),
            Column(
                "speech", unit: "", range: "0 or 1", decimals: 0, "in a talk spurt, as known when the row was released"),
            Column(
                "music_probability", unit: "", range: "0…1", decimals: 3,
                "the detector's probability of music; empty if the detector does not report it"),
            Column(
                "tone_probability", unit: "", range: "0…1", decimals: 3,
                "the detector's probability of a call progress tone or a digit; empty if not reported"),
            Column(
                "sound_class", unit: "", range: "0 silence, 1 speech, 2 music, 3 tone", decimals: 0,
                "most likely content of the row; noise counts as silence"),
        ]
    }

    /// The most likely content of a row.
    enum SoundClass: Float {
        case silence = 0
        case speech, music, tone
    }

    /// The minimum probability for a row to count as music or tone.
    static let certainty: Float = 0.5

    public let lookAhead: Int
    private var detector: any SpeechDetector
    private var spurts: TalkSpurts
    private var skipped = 0
    /// The digits of the newest frame and of the `lookAhead` frames before it, oldest first.
    private var digits: [Int]

    public init(_ context: FeatureContext) throws(AnalysisError) {
        let type = try context.settings.detect.detector(on: context.grid)
        detector = try type.init(grid: context.grid, models: context.settings.detect.models)
        lookAhead = detector.lookAhead
        digits = [Int](repeating: 0, count: lookAhead + 1)
        spurts = TalkSpurts(context.settings.detect, threshold: type.threshold, grid: context.grid)
    }

    public mutating func handle(_ digit: SoundingDigit) {
        for index in 1..<digits.count { digits[index - 1] = digits[index] }
        digits[digits.count - 1] = digit.code
    }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        write(detector.process(frame, spectrum: spectrum), row: &row)
    }

    public mutating func drain(into row: inout [Float]) {
        // What follows the last frame is unknown: a digit that sounds there is assumed to continue.
        handle(SoundingDigit(code: digits[digits.count - 1]))
        write(detector.drain(), row: &row)
    }

    private mutating func write(_ probability: Float, row: inout [Float]) {
        // The detector's first probabilities belong to rows before the start of the track.
        guard skipped == lookAhead else {
            skipped += 1
            return
        }
        // A digit is never speech, whatever the detector reports; the signals read the same column.
        let probability = digits[0] > 0 ? 0 : probability
        _ = spurts.process(probability)
        row[0] = probability
        row[1] = spurts.isSpeech ? 1 : 0
        row[2] = detector.musicProbability
        row[3] = detector.toneProbability
        row[4] = soundClass.rawValue
    }

    /// A tone first, because digits sound over speech; then speech, which occurs over hold music; then music.
    private var soundClass: SoundClass {
        if digits[0] > 0 || detector.toneProbability >= Self.certainty { return .tone }
        if spurts.isSpeech { return .speech }
        return detector.musicProbability >= Self.certainty ? .music : .silence
    }
}
