public import SidetoneDSP
public import SidetoneModel

/// Call-progress tones on a track: what the signals `tone`, `hold_suspected`, `silence` and `dead_air` read.
public struct ToneFeature: Feature {
    public static let name = "tone"
    public static let summary = "frequencies of dial, ringback, busy, reorder and fax tones"
    public static let reference = "ITU-T E.180/Q.35; North American Precise Tone Plan; ITU-T T.30 (CNG)"
    public static let needs: FrameSpectrum.Needs = .power

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
    /// Bins of the three bands that hold the tones; empty where the window is too short to judge by them.
    private let bands: [Range<Int>]

    /// The bands of the tones, in Hz, as a Hann window of 25 ms spreads them.
    private static let bandsHz: [(low: Double, high: Double)] = [(270, 560), (400, 700), (1_010, 1_190)]
    /// Frames with less of their energy in one band hold no tone, not even its edge.
    private static let concentration: Float = 0.6

    public init(_ context: FeatureContext) {
        receiver = ToneReceiver(sampleRate: context.grid.sampleRate)
        samples = NewSamples(grid: context.grid, length: receiver.blockLength)
        let grid = context.grid
        var size = 2
        while size < grid.window { size *= 2 }
        let spacing = Double(grid.sampleRate) / Double(size)
        let isFine = grid.window * 1000 >= 20 * grid.sampleRate
        bands = isFine ? Self.bandsHz.map { Int($0.low / spacing)..<Int($0.high / spacing) + 1 } : []
    }

    public mutating func process(
        _ frame: Span<Float>, _ spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        let mayHold = mayHold(spectrum)
        samples.take(frame) { receiver.process($0, mayHold: mayHold) }
        row[0] = receiver.code
    }

    /// Whether a band of the tones may carry the frame; spares other frames the closer look.
    private func mayHold(_ spectrum: FrameSpectrum) -> Bool {
        guard !bands.isEmpty else { return true }
        let power = spectrum.power
        let total = Sums.sum(power, over: 0..<power.count)
        for band in bands where Sums.sum(power, over: band) >= Self.concentration * total { return true }
        return false
    }
}
