public import SidetoneDSP
public import SidetoneModel

/// Call-progress tones on a track: what the signals `tone`, `hold_suspected`, `silence` and `dead_air` read.
public struct ToneFeature: Feature {
    public static let name = "tone"
    public static let summary = "frequencies of dial, ringback, busy, reorder and fax tones"
    public static let reference = "ITU-T E.180/Q.35; North American Precise Tone Plan; ITU-T T.30 (CNG)"
    public static let needs: FrameSpectrum.Needs = []

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "tone_code", unit: "", range: "0…5", decimals: 0,
                "what sounds in the last 50 ms: 1: 425 Hz, 2: 350+440, 3: 440+480, 4: 480+620, 5: 1100 Hz; 0: none of them"
            )
        ]
    }

    private var samples: NewSamples
    private var receiver: ToneReceiver

    public init(_ context: FeatureContext) {
        receiver = ToneReceiver(sampleRate: context.grid.sampleRate)
        samples = NewSamples(grid: context.grid, length: receiver.blockLength)
    }

    public mutating func process(
        _ frame: Span<Float>, _ spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        samples.take(frame) { receiver.process($0) }
        row[0] = receiver.code
    }
}
