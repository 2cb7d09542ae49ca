#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What the fundamental frequency of a span of samples may be: the peaks of the autocorrelation of its flattened
/// telephone band.
///
/// A telephone carries 300…3400 Hz, so the fundamental itself is mostly missing, and one or two harmonics near the first
/// formant outweigh the rest: the plain autocorrelation then repeats itself almost as well after half a period. So the
/// spectrum is flattened first, as Sondhi proposed, and the autocorrelation is taken of what is left, over that of the
/// window, as Boersma showed:
///
///     P[k] = |DFT(x·w)|²                               w: Hann, two periods of the lowest F0 long
///     S[k] = B(f)·P[k] / (P̄[k] + 0.01·max P̄ + P₀)^¾    P̄: mean of P over 225 Hz about k
///     B(f) = 1 / (1 + (f/2000 Hz)²) for 50…3400 Hz, else 0
///     r[τ] = DFT(S)[τ] / ((DFT(S)[0] + S₀) · v[τ]^0.7) v: the normalised autocorrelation of w
///
/// P₀ is the power that white noise of −65 dBFS has in a bin, and S₀ what it would add to r's denominator, so that a
/// hum below a line's noise has no strength. The exponent 0.7 keeps the bias of r towards short lags that is the
/// usual guard against reading an octave low.
///
/// - Note: Sources: M. M. Sondhi, "New methods of pitch extraction", IEEE Trans. Audio Electroacoustics 16 (1968), for
///   the flattened spectrum; P. Boersma, "Accurate short-term analysis of the fundamental frequency and the
///   harmonics-to-noise ratio of a sampled sound", Proc. Inst. Phonetic Sciences Amsterdam 17 (1993), for the division
///   by the window's autocorrelation and for peaks above 1.
///
/// One object a track; its buffers are overwritten by each span.
public final class F0Estimator {
    /// Samples a span: two periods of the lowest F0, an even number.
    public let span: Int
    /// The most candidates that a span gives.
    public static let capacity = 6
    /// Shape `[capacity]`: the candidates of the last span, the likeliest first; the first `count` are meant.
    public private(set) var candidates: [F0Candidate]
    public private(set) var count = 0

    /// Peaks lower than this are no candidates.
    static let weakest: Float = 0.1
    /// What a candidate an octave lower must have more in strength to come first: Boersma's octave cost.
    static let octaveCost: Float = 0.01
    static let band = 50.0...3_400.0
    static let bandCornerHz = 2_000.0
    static let smoothingHz = 225.0
    static let noiseDBFS = -65.0

    private let range: ClosedRange<Float>
    private let forward: RealFFT
    private let backward: RealFFT
    private let window: AlignedFloats
    /// P of bin k at `k + reach + 1`, zeros to either side.
    private let power: AlignedFloats
    /// Per bin of the band: B; P̄ and then what P is multiplied by to give S; one over the bins that P̄ takes in.
    private let weights: AlignedFloats
    private let gain: AlignedFloats
    private let shares: AlignedFloats
    private let correlation: AlignedFloats
    /// Per lag: v^−0.7; v^−0.3, what is still missing to divide by v; and the cost of its octave.
    private let lagGain: AlignedFloats
    private let lagRest: AlignedFloats
    private let lagCost: AlignedFloats
    /// The band's bins, and how many bins to either side P̄ takes in.
    private let firstBin: Int
    private let bins: Int
    private let reach: Int
    private let powerBins: Int
    /// The lags of the range, with one to either side.
    private let firstLag: Int
    private let lastLag: Int
    private let lagRate: Float
    private let noise: Float

    /// - Parameters:
    ///   - sampleRate: samples per second, at least four times the highest F0.
    ///   - range: the fundamental frequencies looked for, in Hz, above 0.
    public init(sampleRate: Int, range: ClosedRange<Double>) {
        precondition(range.lowerBound > 0, "a fundamental frequency is above 0")
        precondition(
            Double(sampleRate) >= 4 * range.upperBound, "F0 up to \(range.upperBound) Hz needs four times that rate")
        self.range = Float(range.lowerBound)...Float(range.upperBound)
        let rate = Double(sampleRate)
        span = Self.span(sampleRate: sampleRate, lowest: range.lowerBound)
        // Long enough that lags up to the longest period do not wrap round.
        var size = 2
        while Double(size) < Double(span) + rate / range.lowerBound { size *= 2 }
        forward = RealFFT(size: size)
        let spacing = rate / Double(size)
        firstBin = max(1, Int((Self.band.lowerBound / spacing).rounded(.up)))
        let lastBin = min(size / 2 - 1, Int(Self.band.upperBound / spacing))
        reach = max(1, Int((Self.smoothingHz / spacing / 2).rounded()))
        // The band ends at 3400 Hz, so the correlation may be sampled at any rate above; at 16 kHz a parabola through
        // three points finds its peaks within half a cent.
        var lags = 4
        while Double(lags) * spacing < 16_000 || lags < 2 * (lastBin + 1) { lags *= 2 }
        backward = RealFFT(size: lags)
        let lagRate = Double(lags) * spacing
        self.lagRate = Float(lagRate)
        firstLag = max(1, Int(lagRate / range.upperBound) - 1)
        lastLag = min(lags / 2 - 1, Int((lagRate / range.lowerBound).rounded(.up)) + 1)

        window = AlignedFloats(count: span)
        var energy = 0.0
        for n in 0..<span {
            let value = 0.5 - 0.5 * cos(2 * Double.pi * (Double(n) + 0.5) / Double(span))
            window.base[n] = Float(value)
            energy += value * value
        }
        noise = Float(energy * pow(10, Self.noiseDBFS / 10))

        bins = lastBin - firstBin + 1
        powerBins = min(size / 2, lastBin + reach) + 1
        power = AlignedFloats(count: lastBin + 2 * reach + 3)
        weights = AlignedFloats(count: bins)
        gain = AlignedFloats(count: bins)
        shares = AlignedFloats(count: bins)
        for i in 0..<bins {
            let k = firstBin + i
            let ratio = Double(k) * spacing / Self.bandCornerHz
            weights.base[i] = Float(1 / (1 + ratio * ratio))
            shares.base[i] = 1 / Float(min(k + reach, powerBins - 1) - max(k - reach, 0) + 1)
        }
        correlation = AlignedFloats(count: lastLag + 1)
        lagGain = AlignedFloats(count: lastLag + 1)
        lagRest = AlignedFloats(count: lastLag + 1)
        lagCost = AlignedFloats(count: lastLag + 1)
        for lag in 0...lastLag {
            let share = max(0.02, Self.hannCorrelation(Double(lag) / lagRate * rate / Double(span)))
            lagGain.base[lag] = Float(pow(share, -0.7))
            lagRest.base[lag] = Float(pow(share, -0.3))
            lagCost.base[lag] = Self.octaveCost * Float(max(0, log2(Double(lag) / lagRate * range.upperBound)))
        }
        candidates = Array(repeating: F0Candidate(hz: 1, strength: 0, merit: 0), count: Self.capacity)
    }

    /// Samples a span: two periods of the lowest F0, rounded to an even number.
    public static func span(sampleRate: Int, lowest: Double) -> Int {
        2 * Int((Double(sampleRate) / lowest).rounded())
    }

    /// The autocorrelation of a Hann window at a lag in window lengths, 1 at 0 (Boersma 1993, eq. 8).
    static func hannCorrelation(_ lag: Double) -> Double {
        guard lag < 1 else { return 0 }
        let angle = 2 * Double.pi * lag
        return (1 - lag) * (2 / 3.0 + cos(angle) / 3) + sin(angle) / (2 * Double.pi)
    }

    /// Finds the candidates of one span.
    ///
    /// - Parameter samples: at least `span` finite samples, nominal range −1…1; the first `span` are looked at.
    /// - Complexity: O(N·log N) with two transforms, of 512 and 1024 samples at 8 kHz; allocates nothing.
    public func estimate(_ samples: Span<Float>) {
        precondition(samples.count >= span, "a span has \(span) samples")
        let input = forward.input.base
        let window = window.base
        for n in 0..<span { input[n] = samples[n] * window[n] }
        forward.transform()
        let added = flatten()
        backward.transform()
        correlate(added: added)
        pickPeaks()
    }

    /// Writes S into the second transform; gives S₀.
    ///
    /// S is real and even, so its forward transform is its autocorrelation (Wiener–Khinchin), twice over.
    private func flatten() -> Float {
        let spectrum = forward.output.base
        let margin = reach + 1
        let padded = power.base + margin
        for k in 0..<powerBins {
            let re = spectrum[2 * k]
            let im = spectrum[2 * k + 1]
            padded[k] = re * re + im * im
        }
        let floor = 0.01 * smoothen() + noise
        let gain = gain.base
        let weights = weights.base
        let power = padded + firstBin
        let output = backward.input.base
        let rising = output + firstBin
        for i in 0..<bins {
            let root = Self.inverseFourthRoot(gain[i] + floor)
            gain[i] = weights[i] * (root * root * root)
        }
        for i in 0..<bins { rising[i] = power[i] * gain[i] }
        let falling = output + backward.size - firstBin - bins + 1
        for i in 0..<bins { falling[bins - 1 - i] = rising[i] }
        return 2 * noise * Self.sum(gain, bins)
    }

    /// Writes P̄ where the gains will be; gives its largest value.
    private func smoothen() -> Float {
        let smooth = gain.base
        let share = shares.base
        // Zeros stand to either side of the power. From the first bin's sum on, one bin comes in and one goes out.
        let width = 2 * reach + 1
        let old = power.base + firstBin
        let new = old + width
        var sum: Float = 0
        for i in 1..<width + 1 { sum += old[i] }
        // A running sum: its rounding, 1e-6 of the loudest, disappears under the floor of 0.01 of it.
        for i in 0..<bins {
            smooth[i] = sum
            sum += new[i + 1] - old[i + 1]
        }
        for i in 0..<bins { smooth[i] *= share[i] }
        return Self.largest(smooth, bins)
    }

    /// x^−¼ to 1e-4, for x above 0: an estimate from the exponent, refined by two steps of Newton.
    ///
    /// A loop over it runs four lanes wide; one over `squareRoot` does not.
    @inline(__always)
    static func inverseFourthRoot(_ x: Float) -> Float {
        // (5/4)·(127 − 0.045)·2²³: the bits of a float are nearly its logarithm.
        var y = Float(bitPattern: 0x4F58_CBA4 &- (x.bitPattern >> 2))
        for _ in 0..<2 {
            let square = y * y
            y *= 1.25 - 0.25 * x * (square * square)
        }
        return y
    }

    private static func sum(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
        let raw = UnsafeRawPointer(values)
        var sums = SIMD8<Float>.zero
        var n = 0
        while n + 8 <= count {
            sums += raw.loadUnaligned(fromByteOffset: n * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
            n += 8
        }
        var sum = sums.sum()
        while n < count {
            sum += values[n]
            n += 1
        }
        return sum
    }

    /// The largest of values from 0 up.
    private static func largest(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
        var (a, b, c, d) = (Float(0), Float(0), Float(0), Float(0))
        var n = 0
        while n + 4 <= count {
            a = values[n] > a ? values[n] : a
            b = values[n + 1] > b ? values[n + 1] : b
            c = values[n + 2] > c ? values[n + 2] : c
            d = values[n + 3] > d ? values[n + 3] : d
            n += 4
        }
        while n < count {
            a = values[n] > a ? values[n] : a
            n += 1
        }
        return max(max(a, b), max(c, d))
    }

    private func correlate(added: Float) {
        let output = backward.output.base
        let scale = 1 / (output[0] + added)
        let correlation = correlation.base
        let lagGain = lagGain.base
        for lag in firstLag..<lastLag + 1 { correlation[lag] = output[2 * lag] * scale * lagGain[lag] }
    }

    private func pickPeaks() {
        let r = correlation.base
        var count = 0
        candidates.withUnsafeMutableBufferPointer { candidates in
            for lag in firstLag + 1..<lastLag {
                let top = r[lag]
                guard top > Self.weakest, top > r[lag - 1], top >= r[lag + 1], let peak = peak(at: lag) else { continue }
                guard count < Self.capacity || candidates[count - 1].merit < peak.merit else { continue }
                var place = min(count, Self.capacity - 1)
                while place > 0, candidates[place - 1].merit < peak.merit {
                    candidates[place] = candidates[place - 1]
                    place -= 1
                }
                candidates[place] = peak
                count = min(count + 1, Self.capacity)
            }
        }
        self.count = count
    }

    /// The candidate that a peak stands for; nil where it lies just outside the range.
    private func peak(at lag: Int) -> F0Candidate? {
        let r = correlation.base
        let rest = lagRest.base
        // Where: on the correlation over the whole of the window's, which has no slope. How high: on r.
        let offset = Self.vertex(r[lag - 1] * rest[lag - 1], r[lag] * rest[lag], r[lag + 1] * rest[lag + 1]).offset
        let hz = lagRate / (Float(lag) + offset)
        guard range.contains(hz) else { return nil }
        var strength = Self.vertex(r[lag - 1], r[lag], r[lag + 1]).height
        if strength > 1 { strength = 1 / strength }
        return F0Candidate(hz: hz, strength: strength, merit: strength - lagCost.base[lag])
    }

    /// The vertex of the parabola through three neighbouring values: its place, from the middle one, and its height.
    static func vertex(_ left: Float, _ middle: Float, _ right: Float) -> (offset: Float, height: Float) {
        let curve = left - 2 * middle + right
        guard curve < 0 else { return (0, middle) }
        let offset = max(-1, min(1, 0.5 * (left - right) / curve))
        return (offset, middle - 0.25 * (left - right) * offset)
    }
}
