public import SidetoneDSP
public import SidetoneModel

/// The fundamental frequency of the voice.
///
/// It analyses a span of two periods of the lowest F0 around the centre of a row's window. A shorter window is
/// supported: the samples before the window are kept, and the rows are delayed by the part of the span after it.
public struct F0Feature: Feature {
    public static let name = "f0"
    public static let summary = "fundamental frequency of the voice, and how periodic the sound is"
    public static let reference =
        "autocorrelation of the flattened telephone band after Sondhi 1968 and Boersma 1993, Viterbi search after Talkin "
        + "1995; compared with Praat 6.1.38 and with tones of known F0"
    public static let needs: FrameSpectrum.Needs = []

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "f0_hz", unit: "Hz", range: "f0_min_hz…f0_max_hz", decimals: 2,
                "fundamental frequency at the centre of the window, empty when unvoiced"),
            Column(
                "voicing", unit: "", range: "0…1", decimals: 3,
                "height of the autocorrelation at the period, or at the likeliest period when unvoiced"),
        ]
    }

    /// The maximum look-ahead of a row, and the share of it used for choosing among candidates, in milliseconds.
    static let longestLookAheadMs = 50.0
    static let choiceMs = 30.0

    public let lookAhead: Int
    /// The number of rows that the span extends beyond the row's own window.
    private let spanRows: Int
    private let grid: FrameGrid
    private let estimator: F0Estimator
    private var history: SampleHistory
    private var tracker: F0Tracker
    private var framesSeen = 0
    private var drained = 0

    /// - Throws: `impossibleGrid` where the hop skips samples or the rate is too low for the highest F0.
    public init(_ context: FeatureContext) throws(AnalysisError) {
        let grid = context.grid
        let settings = context.settings
        try Self.check(grid, settings)
        let range = settings.f0MinHz...settings.f0MaxHz
        estimator = F0Estimator(sampleRate: grid.sampleRate, range: range)
        let before = grid.window / 2
        // The span ends this far after the window, in whole rows.
        let overhang = max(0, estimator.span / 2 - (grid.window - before))
        spanRows = (overhang + grid.hop - 1) / grid.hop
        let hopMs = 1_000 * Double(grid.hop) / Double(grid.sampleRate)
        let delay = min(Int(Self.choiceMs / hopMs), Int(Self.longestLookAheadMs / hopMs) - spanRows)
        tracker = F0Tracker(delay: max(0, delay), rowMs: hopMs)
        lookAhead = spanRows + tracker.delay
        history = SampleHistory(count: estimator.span / 2 + grid.window - before + spanRows * grid.hop)
        self.grid = grid
    }

    private static func check(_ grid: FrameGrid, _ settings: AnalysisSettings) throws(AnalysisError) {
        // Hundredths of a millisecond: at no supported rate do two samples share one.
        let milliseconds = { (samples: Int) in (1e5 * Double(samples) / Double(grid.sampleRate)).rounded() / 100 }
        guard grid.hop <= grid.window else {
            throw AnalysisError(
                .impossibleGrid,
                "f0 needs every sample, and a hop of \(milliseconds(grid.hop)) ms skips some after each window of "
                    + "\(milliseconds(grid.window)) ms: set hop_ms to \(milliseconds(grid.window)) or window_ms to "
                    + "\(milliseconds(grid.hop))")
        }
        guard Double(grid.sampleRate) >= 4 * settings.f0MaxHz else {
            throw AnalysisError(
                .impossibleGrid,
                "f0_max_hz is \(settings.f0MaxHz), and \(grid.sampleRate) samples per second support F0 only up to "
                    + "\(Double(grid.sampleRate) / 4) Hz: set f0_max_hz to \(Double(grid.sampleRate) / 4) or send at "
                    + "least \(Int((4 * settings.f0MaxHz).rounded(.up))) samples per second")
        }
    }

    public mutating func process(_ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]) {
        history.append(frame, newest: framesSeen == 0 ? grid.window : grid.hop)
        Self.write(advance(), row: &row)
    }

    public mutating func drain(into row: inout [Float]) {
        drained += 1
        if drained <= spanRows {
            history.append(zeros: grid.hop)
            Self.write(advance(), row: &row)
        } else {
            Self.write(tracker.drain(), row: &row)
        }
    }

    /// Estimates the row whose span is now complete, if any.
    private mutating func advance() -> F0Tracker.Decision? {
        framesSeen += 1
        guard framesSeen > spanRows else { return nil }
        estimator.estimate(history.samples.span)
        return tracker.process(estimator.candidates, count: estimator.count)
    }

    // Static: as a method, the value would be copied before `advance`, and each of its arrays on the next write.
    private static func write(_ decision: F0Tracker.Decision?, row: inout [Float]) {
        row[0] = decision?.hz ?? .nan
        row[1] = decision?.strength ?? 0
    }
}
