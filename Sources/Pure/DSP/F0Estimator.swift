#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Estimates candidates for the fundamental frequency of a span of samples: the autocorrelation peaks of its
/// spectrally flattened telephone band.
///
/// A telephone carries 300…3400 Hz, so the fundamental itself is mostly missing, and one or two harmonics near the
/// first formant dominate: the plain autocorrelation then has an almost equal peak at half a period. Therefore the
/// spectrum is flattened first, and its autocorrelation is divided by that of the window:
///
///     P[k] = |DFT((x − mean x)·w)|²      w: Hann, two periods of the lowest F0 long
///     S    = P flattened                 (`FlattenedBand`)
///     r[τ] = DFT(S)[τ] / ((DFT(S)[0] + S₀)·v[τ]^0.7),  v: the normalised autocorrelation of w
///
/// S₀ is what white noise of −65 dBFS would add to r's denominator, so that a hum below a line's noise has no strength.
/// The exponent 0.7 keeps some of the slope of v, the usual protection against octave errors.
///
/// - Note: Sources: P. Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
///   ratio of a sampled sound", Proc. Inst. Phonetic Sciences Amsterdam 17 (1993), for the division by the window's
///   autocorrelation, the octave cost and peaks above 1; for the flattening see `FlattenedBand`.
/// - Note: accurate to a cent for anything with harmonics. A single sine below 100 Hz, which is not a voice, reads up
///   to 80 cents high: its lobe overlaps its own mirror image at 0 Hz.
///
/// One object per track; its buffers are overwritten by each span.
// The pointers are safe: each buffer is this object's own, lives as long, and is made in `init` for exactly the samples
// and lags that the loops run over; of the caller's samples only the first `span` are read, which are there.
public final class F0Estimator {
    /// The maximum number of candidates per span.
    public static let capacity = 6
    /// Samples per span: two periods of the lowest F0, an even number.
    public let span: Int
    /// Shape `[capacity]`: the candidates of the last span, the likeliest first; only the first `count` are valid.
    public private(set) var candidates: [F0Candidate]
    public private(set) var count = 0

    /// Lower peaks are ignored.
    static let weakest: Float = 0.1
    /// The additional strength that a candidate an octave lower needs to rank first.
    static let octaveCost = 0.01
    static let noiseDBFS = -65.0

    private let range: ClosedRange<Float>
    private let forward: RealFFT
    private let band: FlattenedBand
    private let backward: RealFFT
    private let window: AlignedFloats
    private let correlation: AlignedFloats
    /// Per lag: v^−0.7; v^−0.3, the remaining factor of a division by v; and the octave cost.
    private let lagGain: AlignedFloats
    private let lagRest: AlignedFloats
    private let lagCost: AlignedFloats
    /// The lags of the range with one more on either side, and the number of lags per second.
    private let firstLag: Int
    private let lastLag: Int
    private let lagRate: Float

    /// - Parameters:
    ///   - sampleRate: samples per second, at least four times the highest F0.
    ///   - range: the fundamental frequencies to search, in Hz, above 0.
    public init(sampleRate: Int, range: ClosedRange<Double>) {
        precondition(range.lowerBound > 0, "a fundamental frequency must be positive")
        precondition(
            Double(sampleRate) >= 4 * range.upperBound, "F0 up to \(range.upperBound) Hz needs four times that rate")
        self.range = Float(range.lowerBound)...Float(range.upperBound)
        let rate = Double(sampleRate)
        span = 2 * Int((rate / range.lowerBound).rounded())
        window = AlignedFloats(count: span)
        var energy = 0.0
        for n in 0..<span {
            let value = 0.5 - 0.5 * cos(2 * Double.pi * (Double(n) + 0.5) / Double(span))
            window.base[n] = Float(value)
            energy += value * value
        }

        // Long enough that lags up to the longest period do not wrap around.
        var size = 2
        while Double(size) < Double(span) + rate / range.lowerBound { size *= 2 }
        forward = RealFFT(size: size)
        let spacing = rate / Double(size)
        band = FlattenedBand(size: size, spacing: spacing, noise: Float(energy * pow(10, Self.noiseDBFS / 10)))

        // Nothing remains above 3400 Hz, so the correlation may have any higher rate: from 16 kHz, a parabola through
        // three points locates its peaks to a cent.
        var lags = 4
        while Double(lags) * spacing < 16_000 || lags < 2 * (band.firstBin + band.bins) { lags *= 2 }
        backward = RealFFT(size: lags)
        let lagRate = Double(lags) * spacing
        self.lagRate = Float(lagRate)
        firstLag = max(1, Int(lagRate / range.upperBound) - 1)
        lastLag = min(lags / 2 - 1, Int((lagRate / range.lowerBound).rounded(.up)) + 1)
        correlation = AlignedFloats(count: lastLag + 1)
        lagGain = AlignedFloats(count: lastLag + 1)
        lagRest = AlignedFloats(count: lastLag + 1)
        lagCost = AlignedFloats(count: lastLag + 1)
        for lag in 1...lastLag {
            let seconds = Double(lag) / lagRate
            let share = max(0.02, Self.hannCorrelation(seconds * rate / Double(span)))
            lagGain.base[lag] = Float(pow(share, -0.7))
            lagRest.base[lag] = Float(pow(share, -0.3))
            lagCost.base[lag] = Float(Self.octaveCost * log2(seconds * range.upperBound))
        }
        candidates = Array(repeating: F0Candidate(hz: 1, strength: 0, merit: 0), count: Self.capacity)
    }

    /// The autocorrelation of a Hann window at a lag in window lengths, 1 at 0 (Boersma 1993).
    static func hannCorrelation(_ lag: Double) -> Double {
        guard lag < 1 else { return 0 }
        let angle = 2 * Double.pi * lag
        return (1 - lag) * (2 / 3.0 + cos(angle) / 3) + sin(angle) / (2 * Double.pi)
    }

    /// Finds the candidates of one span.
    ///
    /// - Parameter samples: at least `span` finite samples, nominal range −1…1; only the first `span` are used.
    /// - Complexity: O(N·log N) with two transforms, of 512 and 1024 samples at 8 kHz; allocates nothing.
    public func estimate(_ samples: Span<Float>) {
        precondition(samples.count >= span, "a span has \(span) samples")
        let input = forward.input.base
        let window = window.base
        samples.withUnsafeBufferPointer { samples in
            guard let base = samples.baseAddress else { return }
            let mean = Sums.sum(base, span) / Float(span)
            for n in 0..<span { input[n] = (base[n] - mean) * window[n] }
        }
        forward.transform()
        // S is real and even, so its forward transform is its autocorrelation too (Wiener–Khinchin).
        let added = band.flatten(forward.output.base, into: backward.input.base, evenSize: backward.size)
        backward.transform()
        let output = backward.output.base
        let scale = 1 / (output[0] + added)
        let correlation = correlation.base
        let lagGain = lagGain.base
        for lag in firstLag..<lastLag + 1 { correlation[lag] = output[2 * lag] * scale * lagGain[lag] }
        pickPeaks()
    }

    private func pickPeaks() {
        let r = correlation.base
        var count = 0
        candidates.withUnsafeMutableBufferPointer { candidates in
            for lag in firstLag + 1..<lastLag {
                let top = r[lag]
                guard top > Self.weakest, top > r[lag - 1], top >= r[lag + 1], let peak = peak(at: lag) else {
                    continue
                }
                guard count < Self.capacity || candidates[count - 1].merit < peak.merit else { continue }
                var index = min(count, Self.capacity - 1)
                while index > 0, candidates[index - 1].merit < peak.merit {
                    candidates[index] = candidates[index - 1]
                    index -= 1
                }
                candidates[index] = peak
                count = min(count + 1, Self.capacity)
            }
        }
        self.count = count
    }

    /// The candidate at a peak; nil where it lies just outside the range.
    private func peak(at lag: Int) -> F0Candidate? {
        let r = correlation.base
        let rest = lagRest.base
        // The position is read from the correlation divided by that of the window, which has no slope; the height from
        // r.
        let offset = Self.vertex(
            r[lag - 1] * rest[lag - 1], middle: r[lag] * rest[lag], right: r[lag + 1] * rest[lag + 1]
        ).offset
        let hz = lagRate / (Float(lag) + offset)
        guard range.contains(hz) else { return nil }
        var strength = Self.vertex(r[lag - 1], middle: r[lag], right: r[lag + 1]).height
        // A correlation above 1 is not a better repetition (Boersma 1993).
        if strength > 1 { strength = 1 / strength }
        return F0Candidate(hz: hz, strength: strength, merit: strength - lagCost.base[lag])
    }

    /// The vertex of the parabola through three neighbouring values: its offset from the middle one, and its height.
    static func vertex(_ left: Float, middle: Float, right: Float) -> (offset: Float, height: Float) {
        let curve = left - 2 * middle + right
        guard curve < 0 else { return (0, middle) }
        let offset = max(-1, min(1, 0.5 * (left - right) / curve))
        return (offset, middle - 0.25 * (left - right) * offset)
    }
}
