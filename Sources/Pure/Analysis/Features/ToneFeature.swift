public import SidetoneDSP
public import SidetoneModel

/// Steady tones on a track, including network tones; read by the signals `tone`, `hold_suspected`, `silence` and
/// `dead_air`.
public struct ToneFeature: Feature {
    public static let name = "tone"
    public static let summary =
        "steady tones: dial, ringback, busy, reorder, special information, fax and others"
    public static let reference = "ITU-T E.180/Q.35; North American Precise Tone Plan; ITU-T T.30 (CNG, CED)"
    public static let needs: FrameSpectrum.Needs = .power

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "tone_code", unit: "", range: "0…12", decimals: 0,
                "what sounds: 1: one tone of 340…500 Hz, 2: 350+440 or 350+450, 3: 440+480, 4: 480+620, 5: 1100 Hz, "
                    + "6: 400+450, 7: 2100 Hz, 8: 950, 9: 1400, 10: 1800 Hz, 11: another steady tone, 12: two of them; 0: none"
            ),
            Column(
                "tone_hz", unit: "Hz", range: "0…", decimals: 0,
                "frequency of a single tone, of code 12 the lower one; 0: none, or a pair of a plan"),
        ]
    }

    private var samples: NewSamples
    private var receiver: ToneReceiver
    private let spacing: Float
    /// Whether windows are long enough, and overlap enough, for the spectrum to rule out a tone in a frame.
    private let isFine: Bool
    /// The bins examined, and those of the standard pairs.
    private let band: Range<Int>
    private let pairs: Range<Int>

    /// A tone between two bins of a Hann window has a third of its power in each; of a pair, either tone has a fifth.
    private static let peakShare: Float = 0.12
    /// Frames with less of their energy around a peak, or in the band of the pairs, contain no tone, not even its edge.
    private static let concentration: Float = 0.6

    public init(_ context: FeatureContext) {
        let grid = context.grid
        receiver = ToneReceiver(sampleRate: grid.sampleRate)
        samples = NewSamples(grid: grid, length: receiver.blockLength)
        var size = 2
        while size < grid.window { size *= 2 }
        let spacing = Double(grid.sampleRate) / Double(size)
        self.spacing = Float(spacing)
        isFine = grid.window * 1000 >= 20 * grid.sampleRate && 2 * grid.hop <= grid.window
        // From 100 Hz, to exclude a DC offset on the line.
        let count = size / 2 + 1
        band = min(count - 1, Int((100 / spacing).rounded(.up)))..<count
        pairs = min(count - 1, Int(270 / spacing))..<min(count, Int(700 / spacing) + 1)
    }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        let peakHz = peak(of: spectrum)
        samples.extract(frame) { receiver.process($0, peakHz: peakHz) }
        row[0] = receiver.code
        row[1] = receiver.hz
    }

    /// The frequency of the spectral maximum; nil where there is no tone, which avoids the detailed analysis.
    private func peak(of spectrum: FrameSpectrum) -> Float? {
        let power = spectrum.power
        let largest = Sums.largest(power, over: band)
        let total = Sums.sum(power, over: band)
        guard largest > 0, !isFine || largest >= Self.peakShare * total else { return nil }
        var bin = band.lowerBound
        while power[bin] < largest { bin += 1 }
        guard isFine else { return Float(max(1, bin)) * spacing }
        let around = max(band.lowerBound, bin - 2)..<min(power.count, bin + 3)
        guard
            Sums.sum(power, over: around) >= Self.concentration * total
                || Sums.sum(power, over: pairs) >= Self.concentration * total
        else { return second(power, first: around, total: total) }
        return Float(bin) * spacing
    }

    /// The peak, if together with a second one it has the energy of a tone.
    private func second(_ power: AlignedFloats, first: Range<Int>, total: Float) -> Float? {
        let share = Sums.sum(power, over: first)
        guard share >= 0.25 * total else { return nil }
        var (bin, largest) = (band.lowerBound, Float(0))
        for index in band where !first.contains(index) && power[index] > largest {
            largest = power[index]
            bin = index
        }
        let around = max(band.lowerBound, bin - 2)..<min(power.count, bin + 3)
        guard share + Sums.sum(power, over: around) >= 0.85 * total else { return nil }
        return Float(first.lowerBound + first.upperBound) / 2 * spacing
    }
}
