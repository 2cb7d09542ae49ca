import CVectorMath

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Descriptors of a frame's spectral shape: centroid, bandwidth, roll-off, flatness, entropy, flux, slope and balance.
///
/// f[k] is the frequency of bin k, M = |X|, P = |X|², P′ = max(P, 1e-10) (−100 dB), K the number of bins, 0…rate/2.
/// Silence has no shape: its frequencies and its slope read 0, its flatness and entropy 1, as for equal bins.
// Safe: pointers are bases of the spectrum's buffers or of this value's arrays, all of `bins` values, which `init`
// takes from the same spectrum and `measure` checks.
public struct SpectralShape {
    /// The spectra required by `measure`.
    public static let needs: FrameSpectrum.Needs = [.magnitude, .logPower]
    /// The share of ΣM below `rolloffHz`.
    public static let rolloffShare: Float = 0.85

    /// The descriptors of one frame.
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
        /// √Σ (M/ΣM − M₋₁/ΣM₋₁)², M₋₁ of the previous frame; 0 for the first frame.
        public var flux: Float = 0
        /// The slope of the least-squares line through (f, 10·log₁₀P′), in dB per kHz.
        public var slopeDBPerKHz: Float = 0
        /// 10·log₁₀(ΣP below 1 kHz / ΣP from 1 to 4 kHz), each sum at least 1e-10.
        public var lowHighDB: Float = 0
    }

    private let bins: Int
    private let binHz: Float
    /// The first bin at or above 1 kHz, and one past the last up to 4 kHz.
    private let lowEnd: Int
    private let highEnd: Int
    private let logBins: Float
    /// Factors for ln P′ whose sum is the slope.
    private let slopeWeights: [Float]
    /// M/ΣM of the previous frame.
    private var previous: [Float]
    private var hasPrevious = false
    private var blockSums: [Float]

    /// As `vm_first_moment` has them.
    private static let block = 16

    /// - Parameters:
    ///   - window: samples per frame, at least 1.
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

    /// Measures the next frame's spectrum.
    ///
    /// - Parameter spectrum: of the same window and rate, with `needs`.
    /// - Complexity: O(bins); allocates nothing.
    public mutating func measure(_ spectrum: FrameSpectrum) -> Values {
        precondition(spectrum.bins == bins, "this measures spectra of \(bins) bins")
        var values = Values()
        measureMagnitude(spectrum.magnitude.base, values: &values)
        measurePower(spectrum.power.base, logPower: spectrum.logPower.base, values: &values)
        hasPrevious = true
        return values
    }

    private mutating func measureMagnitude(_ magnitude: UnsafePointer<Float>, values: inout Values) {
        var total: Float = 0
        var moment: Float = 0
        blockSums.withUnsafeMutableBufferPointer {
            vm_first_moment(magnitude, bins, $0.baseAddress, &total, &moment)
        }
        let scale = total > 0 ? 1 / total : 0
        let centroid = moment * scale
        var spread: Float = 0
        var change: Float = 0
        previous.withUnsafeMutableBufferPointer {
            vm_spread(magnitude, bins, centroid, scale, $0.baseAddress, &spread, &change)
        }
        values.centroidHz = centroid * binHz
        values.bandwidthHz = (spread * scale).squareRoot() * binHz
        values.flux = hasPrevious ? change.squareRoot() : 0
        if total > 0 { values.rolloffHz = Float(rolloff(magnitude, threshold: Self.rolloffShare * total)) * binHz }
    }

    /// The first bin at which the cumulative magnitude reaches a threshold: block by block, then bin by bin.
    private func rolloff(_ magnitude: UnsafePointer<Float>, threshold: Float) -> Int {
        var sum: Float = 0
        var block = 0
        while block < bins / Self.block, sum + blockSums[block] < threshold {
            sum += blockSums[block]
            block += 1
        }
        var bin = block * Self.block
        while bin < bins - 1 {
            sum += magnitude[bin]
            if sum >= threshold { return bin }
            bin += 1
        }
        return bin
    }

    private func measurePower(
        _ power: UnsafePointer<Float>, logPower: UnsafePointer<Float>, values: inout Values
    ) {
        let floor = FrameSpectrum.powerFloor
        var sums = vm_sums()
        slopeWeights.withUnsafeBufferPointer {
            vm_power_sums(power, logPower, $0.baseAddress, bins, floor, &sums)
        }
        let count = Float(bins)
        let flatness = expf(sums.log / count) * count / sums.power
        let entropy = (logf(sums.power) - sums.both / sums.power) / logBins
        values.flatness = min(1, max(0, flatness))
        values.entropy = min(1, max(0, entropy))
        values.slopeDBPerKHz = sums.slope
        let low = max(floor, vm_sum(power, lowEnd))
        let high = max(floor, vm_sum(power + lowEnd, max(0, highEnd - lowEnd)))
        values.lowHighDB = NaturalLog.decibels * logf(low / high)
    }
}
