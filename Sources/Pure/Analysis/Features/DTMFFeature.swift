public import SidetoneDSP
public import SidetoneModel

/// Push-button digits on a track: what the `dtmf` signal reads.
public struct DTMFFeature: Feature {
    public static let name = "dtmf"
    public static let summary = "push-button digits: the one that sounds, and the one that has just ended"
    public static let reference = "ITU-T Q.23, Q.24; against digits drawn to the limits of Q.24"
    public static let needs: FrameSpectrum.Needs = .power

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "dtmf_code", unit: "", range: "0…16", decimals: 0,
                "the digit that sounds, as its place in 123A456B789C*0#D; 0: none"),
            Column(
                "dtmf_level_dbfs", unit: "dBFS", range: "−96…0", decimals: 1,
                "mean level of both tones of the digit that sounds or has ended"),
            Column("dtmf_ended", unit: "", range: "0…16", decimals: 0, "the digit whose end became known; 0: none"),
            Column(
                "dtmf_age_ms", unit: "ms", range: "0…", decimals: 1,
                "from the start of the digit that has ended to the start of this row's hop"),
            Column("dtmf_length_ms", unit: "ms", range: "0…", decimals: 1, "how long it lasted"),
        ]
    }

    private let grid: FrameGrid
    private var receiver: DTMFReceiver
    private var samples: NewSamples
    private var row: Int64 = 0
    /// The bins next below each of the eight frequencies; empty where the window is too long to judge by it.
    private let bins: [Int]

    /// Frames with less of their energy next to two of the frequencies hold no digit, not even its edge.
    static let concentration: Float = 0.5

    public init(_ context: FeatureContext) {
        grid = context.grid
        let options = context.settings.signals.options(DTMFOptions.self)
        receiver = DTMFReceiver(
            sampleRate: grid.sampleRate, minimumDBm0: options.minimumDBm0, minimumMs: options.minimumMs)
        samples = NewSamples(grid: grid, length: receiver.blockLength)
        var size = 2
        while size < grid.window { size *= 2 }
        // A window of over 32 ms may hold a digit and what follows it.
        let isShort = grid.window * 1000 <= 32 * grid.sampleRate
        let spacing = Double(grid.sampleRate) / Double(size)
        bins = isShort ? DTMFReceiver.frequencies.map { max(1, Int($0 / spacing)) } : []
    }

    public mutating func process(
        _ frame: Span<Float>, _ spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        var ended: DTMFReceiver.Digit?
        let mayHold = mayHold(spectrum)
        samples.take(frame) { block in
            if let digit = receiver.process(block, mayHold: mayHold) { ended = digit }
        }
        row[0] = Float(receiver.present)
        row[1] = ended?.levelDBFS ?? receiver.levelDBFS
        row[2] = Float(ended?.code ?? 0)
        let perMs = Float(grid.sampleRate) / 1000
        // The hop that a row speaks for lies at the centre of its window.
        let now = self.row * Int64(grid.hop) + Int64(max(0, grid.window - grid.hop) / 2)
        row[3] = ended.map { Float(now + Int64(samples.padding) - $0.start) / perMs } ?? 0
        row[4] = ended.map { Float($0.end - $0.start) / perMs } ?? 0
        self.row += 1
    }

    /// Whether two of the frequencies, one a group, may carry the frame; spares other frames the closer look.
    private func mayHold(_ spectrum: FrameSpectrum) -> Bool {
        guard !bins.isEmpty else { return true }
        let power = spectrum.power
        var best: (low: Float, high: Float) = (0, 0)
        for (index, bin) in bins.enumerated() {
            // A Hann window spreads a tone over the four bins around it.
            let near = power[bin - 1] + power[bin] + power[bin + 1] + power[min(bin + 2, power.count - 1)]
            if index < 4 { best.low = max(best.low, near) } else { best.high = max(best.high, near) }
        }
        return best.low + best.high >= Self.concentration * Sums.sum(power, over: 0..<power.count)
    }
}
