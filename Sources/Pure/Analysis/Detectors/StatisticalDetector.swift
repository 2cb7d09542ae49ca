public import SidetoneDSP
public import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Detects speech with a small trained network over bands, harmonicity and repetition.
///
/// It distinguishes a talker from hold music, call progress tones, DTMF, noise and background babble, and estimates the
/// probability of each per row. It uses 200–3600 Hz, at every rate from 8 kHz, and adapts to the track's level and
/// noise floor. Trained on free audio by `Benchmarks/vad-training`, whose README lists the material, on windows of 25
/// ms every 10 ms; on other grids the network is stepped so that its time constants remain, but its accuracy was not
/// measured there.
public struct StatisticalDetector: SpeechDetector {
    public static let name = "statistical"
    public static let summary = "a small network over noise floors, harmonicity and repetition; knows music and tones"
    public static let needs: FrameSpectrum.Needs = .power
    public static let threshold: Float = 0.6

    /// 10 ms: the network was trained with this delay.
    public let lookAhead: Int

    private let features: SoundFeatures
    private let network: RecurrentNetwork
    /// For hops of 15 ms or more: the number of network steps per row.
    private let repeats: Int
    /// For hops of 6 ms or less: the number of rows per network step.
    private let stride: Int
    private var frames = 0
    /// The decaying probability of the last tone: it halves in 135 ms, so that the end of a digit is not taken for
    /// speech.
    private var recentTone: Float = 0
    private let fading: Float

    /// - Throws: `impossibleGrid` where the spectrum ends below 3.6 kHz or a window is shorter than a voice's period.
    public init(grid: FrameGrid) throws(AnalysisError) {
        guard grid.sampleRate >= 7200 else {
            throw AnalysisError(
                .impossibleGrid,
                "the detector \"statistical\" uses 200 to 3600 Hz, and \(grid.sampleRate) samples per second end at "
                    + "\(grid.sampleRate / 2) Hz: provide audio of at least 8000")
        }
        let milliseconds = Double(grid.window) * 1000 / Double(grid.sampleRate)
        guard milliseconds >= 15 else {
            throw AnalysisError(
                .impossibleGrid,
                "the detector \"statistical\" needs a window of 15 ms or more to cover a voice's period; this one is "
                    + "\(Int(milliseconds.rounded())) ms: set window_ms to 25")
        }
        let steps = Double(grid.hop) * 100 / Double(grid.sampleRate)
        repeats = max(1, Int(steps.rounded()))
        stride = max(1, Int((1 / steps).rounded()))
        fading = powf(0.95, Float(steps))
        lookAhead = max(1, Int((1 / steps).rounded()))
        features = SoundFeatures(window: grid.window, hop: grid.hop, sampleRate: grid.sampleRate)
        network = RecurrentNetwork(StatisticalDetectorModel.shape, parameters: StatisticalDetectorModel.parameters)
    }

    public var musicProbability: Float { Self.probability(network.output.base[1]) }
    public var toneProbability: Float { Self.probability(network.output.base[2]) }

    public mutating func process(_ frame: Span<Float>, spectrum: FrameSpectrum) -> Float {
        features.analyze(spectrum)
        return answer()
    }

    /// Repeats the last frame, because what follows it is unknown.
    public mutating func drain() -> Float { answer() }

    private mutating func answer() -> Float {
        if frames % stride == 0 {
            for _ in 0..<repeats { network.step(features.values) }
        }
        frames += 1
        recentTone = max(toneProbability, recentTone * fading)
        return Self.probability(network.output.base[0]) * (1 - recentTone)
    }

    private static func probability(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }
}
