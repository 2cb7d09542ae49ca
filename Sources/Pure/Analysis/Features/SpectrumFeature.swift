public import SidetoneDSP
public import SidetoneModel

/// The shape of a frame's spectrum.
public struct SpectrumFeature: Feature {
    public static let name = "spectrum"
    public static let summary = "moments, roll-off, flatness, entropy, flux and tilt of the spectrum"
    public static let reference = "compared with librosa 0.11.0 and scipy 1.17.1"
    public static let needs = SpectralShape.needs
    public static var costNs: (at8k: Int, at16k: Int)? { (554, 949) }

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column("centroid_hz", unit: "Hz", range: "0…rate/2", decimals: 1, "Σ f·|X| / Σ |X|; silence 0"),
            Column(
                "bandwidth_hz", unit: "Hz", range: "0…rate/2", decimals: 1,
                "√(Σ (f − centroid)²·|X| / Σ |X|); silence 0"),
            Column(
                "rolloff_hz", unit: "Hz", range: "0…rate/2", decimals: 1,
                "lowest frequency below which 85 % of |X| lies; silence 0"),
            Column(
                "flatness", unit: "", range: "0…1", decimals: 4,
                "geometric over arithmetic mean of |X|², floor 1e-10; silence 1"),
            Column(
                "entropy", unit: "", range: "0…1", decimals: 4,
                "−Σ p·log₂p / log₂K of p = |X|²/Σ|X|², floor 1e-10; silence 1"),
            Column(
                "flux", unit: "", range: "0…1.41", decimals: 4,
                "L2 norm of the difference of neighbouring unit-sum |X|; first row 0"),
            Column(
                "slope_db_per_khz", unit: "dB/kHz", range: "any", decimals: 2,
                "least-squares line through the dB spectrum, floor −100 dB; silence 0"),
            Column(
                "low_high_db", unit: "dB", range: "any", decimals: 2,
                "energy below 1 kHz over energy from 1 to 4 kHz; silence 0"),
        ]
    }

    private var shape: SpectralShape

    public init(_ context: FeatureContext) {
        shape = SpectralShape(window: context.grid.window, sampleRate: context.grid.sampleRate)
    }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        let values = shape.measure(spectrum)
        row[0] = values.centroidHz
        row[1] = values.bandwidthHz
        row[2] = values.rolloffHz
        row[3] = values.flatness
        row[4] = values.entropy
        row[5] = values.flux
        row[6] = values.slopeDBPerKHz
        row[7] = values.lowHighDB
    }
}
