public import SidetoneDSP
public import SidetoneModel

/// The distribution of a frame's energy over mel bands.
public struct MelFeature: Feature {
    public static let name = "mel"
    public static let summary = "logarithm of the energy in mel bands, as Kaldi or librosa computes it"
    public static let reference = "compared with kaldi-native-fbank 1.22.5 and librosa 0.11.0"
    public static let needs = FrameSpectrum.Needs.logMel
    public static var costNs: (at8k: Int, at16k: Int)? { (405, 650) }

    public static func columns(on grid: FrameGrid) -> [Column] {
        columns(for: FeatureContext(grid: grid, settings: AnalysisSettings()))
    }

    public static func columns(for context: FeatureContext) -> [Column] {
        let mel = context.settings.mel
        let range = mel.preset == .kaldi ? "−15.94…" : "−100…"
        return (0..<mel.bands).map { band in
            Column(
                "log_mel_\(band < 10 ? "0" : "")\(band)", unit: mel.preset.unit, range: range, decimals: 4,
                "logarithm of the energy in mel band \(band) of \(mel.bands), preset \(mel.preset.rawValue)")
        }
    }

    public init(_ context: FeatureContext) throws(AnalysisError) { try MelCheck.check(context) }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        spectrum.logMel.copy(into: &row)
    }
}
