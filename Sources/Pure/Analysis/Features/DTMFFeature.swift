public import SidetoneDSP
public import SidetoneModel

/// The DTMF digit sounding on a track; read by the signals `dtmf`, `silence` and `dead_air`.
///
/// The end of a digit is not a column but a fact, which `FeatureExtractor` delivers once.
public struct DTMFFeature: Feature {
    public static let name = "dtmf"
    public static let summary = "the DTMF digit currently sounding, and its level"
    public static let reference = "ITU-T Q.23, Q.24; tested with digits generated at the limits of Q.24"
    public static let needs: FrameSpectrum.Needs = .power
    public static let hearsDigits = true

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "dtmf_code", unit: "", range: "0…16", decimals: 0,
                "the digit currently sounding, as its index in 123A456B789C*0#D; 0: none"),
            Column(
                "dtmf_level_dbfs", unit: "dBFS", range: "−96…0", decimals: 1,
                "mean level of both tones of the current digit"),
        ]
    }

    private var digit = SoundingDigit()

    public init(_ context: FeatureContext) {}

    public mutating func handle(_ digit: SoundingDigit) { self.digit = digit }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        row[0] = Float(digit.code)
        row[1] = digit.levelDBFS
    }
}
