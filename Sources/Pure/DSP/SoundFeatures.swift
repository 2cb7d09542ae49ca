import CVectorMath

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Features that distinguish speech from music, tones and noise in the 200–3600 Hz of a telephone, one vector per
/// frame.
///
/// | values | content |
/// |---|---|
/// | 0–15 | level of 16 bands, equally wide in mel, above the band's tracked noise floor |
/// | 16–31 | level of the same bands relative to the track's loud passages |
/// | 32, 33 | harmonicity and the position of its peak, from the autocorrelation derived from |X| |
/// | 34 | spectral concentration: Σ P² over (Σ P)² |
/// | 35, 36 | similarity of |X| to itself 60 ms and 200 ms ago: tones and held notes repeat, voices change |
/// | 37–39 | level: absolute, above its floor, relative to the track's loud passages |
///
/// All values are scaled to about −2…2. Bands and lags are defined in hertz and seconds, so every rate from 8 kHz gives
/// the same values; the spectrum above 3.6 kHz is ignored. Causal.
///
/// - Note: autocorrelation as the transform of the compressed power spectrum: Tolonen, Karjalainen, IEEE Trans. Speech
///   and Audio Processing 8(6), 2000. The floor is a slow minimum as in Martin, IEEE Trans. SAP 9(5), 2001, without its
///   bias term.
public final class SoundFeatures {
    // Every pointer here comes from an AlignedFloats owned by this object, and every index is below its count by
    // construction in `init`; the object belongs to one track and is not Sendable.

    /// The number of values per frame.
    public static let count = 40
    /// Bands between 200 and 3600 Hz.
    public static let bands = 16

    /// Frames below this power, in dBFS, are silence and do not update the floors.
    private static let silence: Float = -80

    /// Shape `[count]`: the values of the last frame.
    public let values = AlignedFloats(count: count)

    private let firstBin: Int
    private let edges: [Int]
    private let bins: Int
    private let stride: Int
    /// 2 / (N·Σw²): from summed power to mean square of the samples.
    private let scale: Float
    /// Its input is zero outside the bands, for all tracks.
    private var transforms: ThreadScratch<RealFFT>
    private let lags: Range<Int>
    private let octave: Float
    private let shortStep: Int
    /// The longest lag, in frames.
    private let recall: Int
    /// Magnitudes of the last frames, scaled to unit length: shape `[recall + 1, stride]`.
    private let past: AlignedFloats
    private var slot = 0
    private var rows = 0
    private let levels = AlignedFloats(count: bands)
    private let floors = AlignedFloats(count: bands)
    private var floor: Float = SoundFeatures.silence
    private var loud: Float = SoundFeatures.silence
    private var heard = 0
    private let hopSeconds: Float

    /// - Parameters:
    ///   - window: samples per frame, as in the `FrameSpectrum` passed later.
    ///   - hop: samples from frame to frame.
    ///   - sampleRate: samples per second; from 7200, all bands are complete.
    public init(window: Int, hop: Int, sampleRate: Int) {
        var size = 2
        while size < window { size *= 2 }
        let spacing = Double(sampleRate) / Double(size)
        let last = size / 2
        func bin(_ hertz: Double) -> Int { min(last, max(1, Int((hertz / spacing).rounded()))) }
        func mel(_ hertz: Double) -> Double { 1127 * log(1 + hertz / 700) }
        func hertz(_ mel: Double) -> Double { 700 * (exp(mel / 1127) - 1) }
        let low = mel(200)
        let step = (mel(3600) - low) / Double(Self.bands)
        edges = (0...Self.bands).map { bin(hertz(low + step * Double($0))) }
        firstBin = edges[0]
        bins = edges[Self.bands] - edges[0]
        stride = (bins + 7) / 8 * 8 + 8
        scale = Float(2 / (Double(size) * 0.375 * Double(window)))
        hopSeconds = Float(hop) / Float(sampleRate)

        var length = 16
        while length < 2 * (edges[Self.bands] + 1) { length *= 2 }
        let transformSize = length
        transforms = ThreadScratch(layout: [length, firstBin, bins]) { RealFFT(size: transformSize) }
        // A lag of one step lasts 1 / (length · spacing) seconds. Voices lie between 80 and 400 Hz.
        let lagRate = Double(length) * spacing
        let longest = min(length / 2, Int(lagRate / 80))
        let shortest = min(longest, Int((lagRate / 400).rounded(.up)))
        lags = shortest..<max(shortest + 1, longest)
        octave = Float(lagRate / 160)
        shortStep = max(1, Int((0.06 / Double(hopSeconds)).rounded()))
        recall = max(1, Int((0.2 / Double(hopSeconds)).rounded()))
        past = AlignedFloats(count: (recall + 1) * stride)
    }

    /// Processes the next frame's power spectrum and fills `values`.
    ///
    /// - Complexity: O(N·log N) for one real transform of 0–4 kHz; allocates nothing.
    /// - Note: a frame that is not a number, or silent, reads as silence.
    public func analyze(_ spectrum: FrameSpectrum) { analyze(spectrum.power.base) }

    private func analyze(_ power: UnsafePointer<Float>) {
        let values = values.base
        let total = measureBands(power)
        let level = 10 * log10f(total * scale + 1e-9)
        let sounds = level > Self.silence
        let squares = storeMagnitudes(power, total: total, sounds: sounds)
        track(level, sounds: sounds)

        let levels = levels.base
        let floors = floors.base
        for band in 0..<Self.bands {
            let over = levels[band] - floors[band]
            let under = levels[band] - loud
            values[band] = (over < -10 ? -10 : over > 50 ? 50 : over) * 0.05 - 0.5
            values[Self.bands + band] = (under < -60 ? -60 : under > 10 ? 10 : under) * 0.05 + 1
        }
        harmonicity(sounds: sounds)
        values[34] = sounds ? log10f(squares / (total * total) + 1e-9) + 1 : -1
        values[35] = likeness(shortStep) * 2 - 1
        values[36] = likeness(recall) * 2 - 1
        values[37] = (level + 45) * 0.05
        values[38] = min(50, level - floor) * 0.05 - 0.5
        values[39] = max(-60, level - loud) * 0.05 + 1
        rows += 1
    }

    /// Sums the power of each band and computes its level; returns the total, 0 if it is not a number.
    private func measureBands(_ power: UnsafePointer<Float>) -> Float {
        let levels = levels.base
        let edges = edges
        var total: Float = 0
        for band in 0..<Self.bands {
            var even: Float = 0
            var odd: Float = 0
            var bin = edges[band]
            let end = edges[band &+ 1]
            while bin &+ 1 < end {
                even += power[bin]
                odd += power[bin &+ 1]
                bin &+= 2
            }
            if bin < end { even += power[bin] }
            levels[band] = even + odd
            total += even + odd
        }
        guard total > 0, total < 1e20 else {
            for band in 0..<Self.bands { levels[band] = -90 }
            return 0
        }
        for band in 0..<Self.bands { levels[band] = Self.decibels(levels[band] * scale + 1e-9) }
        return total
    }

    /// 10·log₁₀ x within 0.001 dB, for normal positive x; in a loop, eight at a time.
    ///
    /// x = m·2ᵉ with m from √½ to √2, ln m = 2·artanh((m − 1)/(m + 1)) by four terms of its series.
    @inline(__always)
    private static func decibels(_ x: Float) -> Float {
        let bits = Int32(bitPattern: x.bitPattern) &- 0x3F35_04F3
        let exponent = bits >> 23
        let m = Float(bitPattern: UInt32(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3))
        let u = (m - 1) / (m + 1)
        let square = u * u
        let series = 1 + square * (1 / 3 + square * (1 / 5 + square * (1 / 7)))
        return 3.010_299_9 * Float(exponent) + 8.685_889_6 * u * series
    }

    /// Stores |X| at unit length in the ring and in the transform's input; returns Σ P².
    private func storeMagnitudes(_ power: UnsafePointer<Float>, total: Float, sounds: Bool) -> Float {
        slot = slot == recall ? 0 : slot + 1
        let row = past.base + slot * stride
        guard sounds else {
            for bin in 0..<bins { row[bin] = 0 }
            return 0
        }
        let source = power + firstBin
        vm_near_roots(source, 1 / total, row, bins)
        return Self.dot(source, b: source, count: bins)
    }

    /// The floors fall to a quiet frame within 100 ms and rise by 3 dB per second, faster at the start of a track; the
    /// loud level is reached within 100 ms and decays by 1 dB per second.
    private func track(_ level: Float, sounds: Bool) {
        guard sounds else { return }
        let floors = floors.base
        let levels = levels.base
        if heard == 0 {
            for band in 0..<Self.bands { floors[band] = levels[band] }
            floor = level
            loud = max(level, -50)
        }
        let steps = hopSeconds * 100
        let rise = (Float(heard) * hopSeconds < 1 ? 0.2 : 0.03) * steps
        let sink = min(1, 0.1 * steps)
        for band in 0..<Self.bands {
            let over = levels[band] - floors[band]
            floors[band] += over < 0 ? sink * over : over < rise ? over : rise
        }
        let over = level - floor
        floor += over < 0 ? sink * over : min(over, rise)
        loud = level > loud ? loud + sink * (level - loud) : max(-60, loud - 0.01 * steps)
        heard += 1
    }

    /// The autocorrelation's highest peak between 2.5 and 12.5 ms over its value at 0.
    private func harmonicity(sounds: Bool) {
        let values = values.base
        guard sounds else {
            values[32] = -1
            values[33] = 0
            return
        }
        let transform = transforms.own()
        let input = transform.input.base + firstBin
        let row = past.base + slot * stride
        for bin in 0..<bins { input[bin] = row[bin] }
        // The real part of a one-sided spectrum's transform is half the transform of the two-sided one.
        transform.transform()
        let output = transform.output.base
        var best = lags.lowerBound
        var peak = output[2 * best]
        var lag = lags.lowerBound
        while lag < lags.upperBound {
            let value = output[2 &* lag]
            if value > peak {
                peak = value
                best = lag
            }
            lag &+= 1
        }
        values[32] = peak / output[0] * 3 - 1
        values[33] = Float(best) / octave - 1
    }

    private func likeness(_ step: Int) -> Float {
        guard rows >= step else { return 0 }
        let now = past.base + slot * stride
        let then = past.base + ((slot - step + recall + 1) % (recall + 1)) * stride
        return Self.dot(now, b: then, count: bins)
    }

    private static func dot(_ a: UnsafePointer<Float>, b: UnsafePointer<Float>, count: Int) -> Float {
        var sums = SIMD8<Float>.zero
        withUnsafeMutableBytes(of: &sums) {
            vm_products(a, b, count, $0.baseAddress?.assumingMemoryBound(to: Float.self))
        }
        var sum = sums.sum()
        var n = count & ~7
        while n < count {
            sum += a[n] * b[n]
            n += 1
        }
        return sum
    }
}
