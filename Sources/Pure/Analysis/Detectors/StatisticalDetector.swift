public import SidetoneDSP
public import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Speech by a small trained network over bands, harmonicity and repetition.
///
/// It knows hold music, call progress tones, DTMF, noise and the babble of a room from a talker, and says of each row how
/// likely each is. It sees 200–3600 Hz, at every rate from 8 kHz up, and adapts to level and noise floor of the track.
/// Trained on free audio by `Benchmarks/vad-training`, whose README names the material. It was trained on windows of 25 ms
/// every 10 ms; on other grids its memory is stepped so that time runs alike, but nobody has measured it there.
public struct StatisticalDetector: SpeechDetector {
    public static let name = "statistical"
    public static let summary = "a small network over noise floors, harmonicity and repetition; knows music and tones"
    public static let needs: FrameSpectrum.Needs = .power
    public static let threshold: Float = 0.6

    /// 10 ms: the network was trained to answer for what lies so far back.
    public let lookAhead: Int

    private let features: SoundFeatures
    private let network: RecurrentNetwork
    /// Where rows are 15 ms or more apart, each is this many steps of the network's memory.
    private let repeats: Int
    /// Where they are 6 ms or less apart, each so many are one step.
    private let stride: Int
    private var frames = 0
    /// What is left of the last tone's probability: it halves in 135 ms, so that the end of a digit is not heard as a word's.
    private var recentTone: Float = 0
    private let fading: Float

    /// - Throws: `impossibleGrid` where the spectrum ends below 3.6 kHz or a window is too short to show a voice's period.
    public init(grid: FrameGrid) throws(AnalysisError) {
        guard grid.sampleRate >= 7200 else {
            throw AnalysisError(
                .impossibleGrid,
                "the detector \"statistical\" looks at 200 to 3600 Hz, and \(grid.sampleRate) samples a second end at "
                    + "\(grid.sampleRate / 2) Hz: give it audio of 8000 or more")
        }
        let milliseconds = Double(grid.window) * 1000 / Double(grid.sampleRate)
        guard milliseconds >= 15 else {
            throw AnalysisError(
                .impossibleGrid,
                "the detector \"statistical\" needs a window of 15 ms or more to see a voice's period, and this one is "
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

    /// As if the last frame came again: what follows it is not known.
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
