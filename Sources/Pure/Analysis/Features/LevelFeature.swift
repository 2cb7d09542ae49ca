public import SidetoneDSP
public import SidetoneModel

/// The level of a track, and its clipping.
public struct LevelFeature: Feature {
    public static let name = "level"
    public static let summary = "level, peak, zero crossings and clipping of the samples"
    public static let reference = "ITU-T G.100.1 (dBov); compared with librosa 0.11.0 and numpy"
    public static let needs: FrameSpectrum.Needs = []
    public static var costNs: (at8k: Int, at16k: Int)? { (119, 148) }

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column("level_dbfs", unit: "dBFS", range: "−96…0", decimals: 2, "10·log₁₀(mean x²), floor −96"),
            Column("peak_dbfs", unit: "dBFS", range: "−96…0", decimals: 2, "20·log₁₀(max |x|), floor −96"),
            Column("zcr", unit: "share", range: "0…1", decimals: 4, "share of neighbouring pairs whose sign differs"),
            Column(
                "clipped", unit: "share", range: "0…1", decimals: 4,
                "share of samples at or above the codec's ceiling in runs of 2 or more"),
        ]
    }

    private let ceiling: Float

    public init(_ context: FeatureContext) { ceiling = context.ceiling }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        let (mean, peak) = Level.powers(of: frame)
        row[0] = Level.dB(power: mean)
        row[1] = Level.dB(power: peak)
        row[2] = ZeroCrossings.share(of: frame)
        // The square is rounded, so near the ceiling the samples themselves decide.
        row[3] = peak < ceiling * ceiling * 0.999 ? 0 : Clipping.share(of: frame, ceiling: ceiling)
    }
}
