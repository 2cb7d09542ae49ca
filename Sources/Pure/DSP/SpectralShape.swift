#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The shape of a frame's spectrum in a few numbers: where it lies, how wide, how noise-like, how tilted, how changed.
///
/// f[k] is the frequency of bin k, M = |X|, P = |X|², P′ = max(P, 1e-10) (−100 dB), K the number of bins, 0…rate/2.
/// Silence has no shape: its frequencies and its slope read 0, its flatness and entropy 1, as of equal bins.
// Safe: pointers are bases of the spectrum's buffers or of this value's arrays, all of `bins` values, which `init`
// takes from the same spectrum and `measure` checks.
public struct SpectralShape {
    /// What must be computed of a frame before `measure`.
    public static let needs: FrameSpectrum.Needs = [.magnitude, .logPower]
    /// The share of ΣM below `rolloffHz`.
    public static let rolloffShare: Float = 0.85

    /// The numbers of one frame.
    public struct Values: Sendable {
        /// Σ f·M / ΣM, in Hz.
        public var centroidHz: Float = 0
        /// √(Σ (f − centroid)²·M / ΣM), in Hz.
        public var bandwidthHz: Float = 0
        /// The lowest f[k] with M[0] + … + M[k] ≥ 0.85·ΣM.
        public var rolloffHz: Float = 0
        /// exp(mean ln P′) / mean P′, 0…1.
        public var flatness: Float = 1
        /// −Σ p·log₂p / log₂K with p = P′/ΣP′, 0…1.
        public var entropy: Float = 1
        /// √Σ (M/ΣM − M₋₁/ΣM₋₁)², M₋₁ of the frame before; 0 for the first frame.
        public var flux: Float = 0
        /// The slope of the line of least squares through (f, 10·log₁₀P′), in dB per kHz.
        public var slopeDBPerKHz: Float = 0
        /// 10·log₁₀(ΣP below 1 kHz / ΣP from 1 to 4 kHz), each sum at least 1e-10.
        public var lowHighDB: Float = 0
    }

    private let bins: Int
    private let binHz: Float
    /// The first bin from 1 kHz up, and one past the last up to 4 kHz.
    private let lowEnd: Int
    private let highEnd: Int
    private let logBins: Float
    /// Times ln P′ and summed: the slope.
    private let slopeWeights: [Float]
    /// M/ΣM of the frame before.
    private var previous: [Float]
    private var hasPrevious = false
    private var blockSums: [Float]

    private static let block = 16

    /// - Parameters:
    ///   - window: samples a frame, at least 1.
    ///   - sampleRate: samples per second.
    public init(window: Int, sampleRate: Int) {
        let size = FrameSpectrum.transformSize(window: window)
        bins = size / 2 + 1
        binHz = Float(sampleRate) / Float(size)
        lowEnd = min(bins, (1_000 * size + sampleRate - 1) / sampleRate)
        highEnd = min(bins, 4_000 * size / sampleRate + 1)
        logBins = Float(log(Double(bins)))
        let kHz = (0..<bins).map { Double($0) * Double(sampleRate) / Double(size) / 1_000 }
        let mean = kHz.reduce(0, +) / Double(bins)
        let spread = kHz.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        slopeWeights = kHz.map { Float(10 / log(10) * ($0 - mean) / spread) }
        previous = [Float](repeating: 0, count: bins)
        blockSums = [Float](repeating: 0, count: bins / Self.block + 1)
    }

    /// Takes the next frame's spectrum.
    ///
    /// - Parameter spectrum: of the same window and rate, with `needs`.
    /// - Complexity: O(bins); allocates nothing.
    public mutating func measure(_ spectrum: FrameSpectrum) -> Values {
        precondition(spectrum.bins == bins, "this measures spectra of \(bins) bins")
        var values = Values()
        measureMagnitude(spectrum.magnitude.base, &values)
        measurePower(spectrum.power.base, spectrum.logPower.base, &values)
        hasPrevious = true
        return values
    }

    private mutating func measureMagnitude(_ magnitude: UnsafePointer<Float>, _ values: inout Values) {
        var total: Float = 0
        var moment: Float = 0
        blockSums.withUnsafeMutableBufferPointer {
            (total, moment) = Self.firstMoment(magnitude, bins, blockSums: $0)
        }
        let scale = total > 0 ? 1 / total : 0
        let centroid = moment * scale
        var spread: Float = 0
        var change: Float = 0
        previous.withUnsafeMutableBufferPointer {
            guard let previous = $0.baseAddress else { return }
            (spread, change) = Self.spreadAndChange(magnitude, bins, centroid, scale, previous)
        }
        values.centroidHz = centroid * binHz
        values.bandwidthHz = (spread * scale).squareRoot() * binHz
        values.flux = hasPrevious ? change.squareRoot() : 0
        if total > 0 { values.rolloffHz = Float(rolloff(magnitude, Self.rolloffShare * total)) * binHz }
    }

    /// ΣM and Σ k·M, and ΣM of every block of bins.
    private static func firstMoment(
        _ magnitude: UnsafePointer<Float>, _ bins: Int, blockSums: UnsafeMutableBufferPointer<Float>
    ) -> (total: Float, moment: Float) {
        var k = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7)
        var moments = SIMD8<Float>.zero
        var total: Float = 0
        var index = 0
        var place = 0
        while index + block <= bins {
            let first = Sums.lanes(magnitude, index)
            let second = Sums.lanes(magnitude, index + 8)
            moments += k * first
            k += 8
            moments += k * second
            k += 8
            let sum = (first + second).sum()
            blockSums[place] = sum
            total += sum
            place += 1
            index += block
        }
        var moment = moments.sum()
        while index < bins {
            total += magnitude[index]
            moment += Float(index) * magnitude[index]
            index += 1
        }
        return (total, moment)
    }

    /// Σ (k − c)²·M, and the squared distance of M/ΣM from the frame before, which it overwrites.
    private static func spreadAndChange(
        _ magnitude: UnsafePointer<Float>, _ bins: Int, _ centroid: Float, _ scale: Float,
        _ previous: UnsafeMutablePointer<Float>
    ) -> (spread: Float, change: Float) {
        var offset = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7) - centroid
        var spreads = SIMD8<Float>.zero
        var changes = SIMD8<Float>.zero
        var index = 0
        while index + 8 <= bins {
            let m = Sums.lanes(magnitude, index)
            spreads += offset * offset * m
            offset += 8
            let share = m * scale
            let change = share - Sums.lanes(previous, index)
            changes += change * change
            UnsafeMutableRawPointer(previous + index).storeBytes(of: share, as: SIMD8<Float>.self)
            index += 8
        }
        var spread = spreads.sum()
        var change = changes.sum()
        while index < bins {
            let distance = Float(index) - centroid
            spread += distance * distance * magnitude[index]
            let share = magnitude[index] * scale
            change += (share - previous[index]) * (share - previous[index])
            previous[index] = share
            index += 1
        }
        return (spread, change)
    }

    /// The first bin up to which the magnitudes sum to a threshold: block by block, then bin by bin.
    private func rolloff(_ magnitude: UnsafePointer<Float>, _ threshold: Float) -> Int {
        var sum: Float = 0
        var place = 0
        while place < bins / Self.block, sum + blockSums[place] < threshold {
            sum += blockSums[place]
            place += 1
        }
        var bin = place * Self.block
        while bin < bins - 1 {
            sum += magnitude[bin]
            if sum >= threshold { return bin }
            bin += 1
        }
        return bin
    }

    private func measurePower(
        _ power: UnsafePointer<Float>, _ logPower: UnsafePointer<Float>, _ values: inout Values
    ) {
        let floor = FrameSpectrum.powerFloor
        var sums = (log: SIMD8<Float>.zero, power: SIMD8<Float>.zero, both: SIMD8<Float>.zero)
        var slopes = SIMD8<Float>.zero
        let floors = SIMD8<Float>(repeating: floor)
        var index = 0
        slopeWeights.withUnsafeBufferPointer {
            guard let weights = $0.baseAddress else { return }
            while index + 8 <= bins {
                let raw = Sums.lanes(power, index)
                let p = raw.replacing(with: floors, where: raw .< floors)
                let l = Sums.lanes(logPower, index)
                sums.log += l
                sums.power += p
                sums.both += p * l
                slopes += l * Sums.lanes(weights, index)
                index += 8
            }
        }
        var total = (log: sums.log.sum(), power: sums.power.sum(), both: sums.both.sum(), slope: slopes.sum())
        while index < bins {
            let p = max(power[index], floor)
            total.log += logPower[index]
            total.power += p
            total.both += p * logPower[index]
            total.slope += logPower[index] * slopeWeights[index]
            index += 1
        }
        let count = Float(bins)
        let flatness = expf(total.log / count) * count / total.power
        let entropy = (NaturalLog.ln(total.power) - total.both / total.power) / logBins
        values.flatness = min(1, max(0, flatness))
        values.entropy = min(1, max(0, entropy))
        values.slopeDBPerKHz = total.slope
        let low = max(floor, Sums.sum(power, count: lowEnd))
        let high = max(floor, Sums.sum(power + lowEnd, count: max(0, highEnd - lowEnd)))
        values.lowHighDB = NaturalLog.decibels * (NaturalLog.ln(low) - NaturalLog.ln(high))
    }
}
