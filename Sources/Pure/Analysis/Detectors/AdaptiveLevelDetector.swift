public import SidetoneDSP
public import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Speech by level over a tracked noise floor.
///
/// The floor follows the minimum of the smoothed level: down at once, up slowly, so that speech does not lift it.
/// The probability is a logistic curve over the distance from the floor, and falls off below −50 dBFS.
public struct AdaptiveLevelDetector: SpeechDetector {
    public static let name = "adaptive_level"
    public static let summary = "level over a tracked noise floor; cheap, and deceived by music and tones"
    public static let needs: FrameSpectrum.Needs = []
    public static let threshold: Float = 0.5

    /// Distance from the floor, in dB, at which speech is as likely as not.
    static let marginDB: Float = 9
    /// What the floor may rise in a second, in dB.
    static let riseDBPerSecond: Float = 3

    private let rise: Float
    private var floor: Float?

    public init(grid: FrameGrid) {
        rise = Self.riseDBPerSecond * Float(grid.hop) / Float(grid.sampleRate)
    }

    public mutating func process(_ frame: Span<Float>, _ spectrum: FrameSpectrum) -> Float {
        let level = Level.dBFS(of: frame)
        // A track that opens in the middle of a word starts from a floor no louder than a quiet room.
        let floor = min(level, (self.floor ?? min(level, -60)) + rise)
        self.floor = max(floor, -75)
        let distance = level - max(floor, -75)
        let loudness = level + 50
        return 1 / (1 + expf(-(min(distance - Self.marginDB, loudness)) / 2))
    }
}
