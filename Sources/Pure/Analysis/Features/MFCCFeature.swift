public import SidetoneDSP
public import SidetoneModel

/// The spectral envelope as nearly independent coefficients of the mel bands.
public struct MFCCFeature: Feature {
    public static let name = "mfcc"
    public static let summary = "mel-frequency cepstral coefficients, as Kaldi or librosa computes them"
    public static let reference = "compared with kaldi-native-fbank 1.22.5 and librosa 0.11.0"
    public static let needs = FrameSpectrum.Needs.logMel
    public static var costNs: (at8k: Int, at16k: Int)? { (431, 705) }

    /// Kaldi's `cepstral-lifter`.
    static let kaldiLifter = 22.0

    public static func columns(on grid: FrameGrid) -> [Column] {
        columns(for: FeatureContext(grid: grid, settings: AnalysisSettings()))
    }

    public static func columns(for context: FeatureContext) -> [Column] {
        let settings = context.settings
        let lifter = settings.mel.preset == .kaldi ? ", lifter 22" : ""
        return (0..<settings.mfccCount).map { index in
            Column(
                "mfcc_\(index < 10 ? "0" : "")\(index)", unit: settings.mel.preset.unit, range: "any", decimals: 4,
                "coefficient \(index) of the orthonormal DCT-II of \(settings.melBands) log mel bands\(lifter)")
        }
    }

    private let transform: CosineTransform

    public init(_ context: FeatureContext) throws(AnalysisError) {
        try MelCheck.check(context)
        let settings = context.settings
        guard settings.mfccCount <= settings.melBands else {
            throw AnalysisError(
                .conflictingSettings,
                "mfcc_count is \(settings.mfccCount); \(settings.melBands) mel bands have at most \(settings.melBands)"
                    + " coefficients: set mfcc_count to \(settings.melBands) or mel_bands to \(settings.mfccCount)")
        }
        transform = CosineTransform(
            inputs: settings.melBands, outputs: settings.mfccCount,
            lifter: settings.mel.preset == .kaldi ? Self.kaldiLifter : nil)
    }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        transform.apply(spectrum.logMel, into: &row)
    }
}
