public import SidetoneDSP
public import SidetoneModel

/// The push-button digit that sounds on a track: what the signals `dtmf`, `silence` and `dead_air` read.
///
/// That a digit has ended is no column but a fact, which `Measure` delivers once.
public struct DTMFFeature: Feature {
    public static let name = "dtmf"
    public static let summary = "the push-button digit that sounds, and its level"
    public static let reference = "ITU-T Q.23, Q.24; against digits drawn to the limits of Q.24"
    public static let needs: FrameSpectrum.Needs = .power
    public static let hearsDigits = true

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "dtmf_code", unit: "", range: "0…16", decimals: 0,
                "the digit that sounds, as its place in 123A456B789C*0#D; 0: none"),
            Column(
                "dtmf_level_dbfs", unit: "dBFS", range: "−96…0", decimals: 1,
                "mean level of both tones of the digit that sounds"),
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
