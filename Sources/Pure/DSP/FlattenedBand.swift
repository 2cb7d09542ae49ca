/// Flattens the telephone band of a spectrum, so that the harmonics of a voice have nearly equal weight.
///
///     S[k] = B(f)·P[k] / (P̄[k] + 0.001·max P̄ + P₀)^¾    P̄: mean of P over 225 Hz about k
///     B(f) = 1 / (1 + (f/2000 Hz)²) for 20…3400 Hz, else 0
///
/// - Note: Source: M. M. Sondhi, "New methods of pitch extraction", IEEE Trans. Audio Electroacoustics 16 (1968): the
///   spectrum divided by its own short-term mean over frequency. The exponent, the two floors and B are ours: noise
///   between the peaks stays below them, and high harmonics, which an unsteady voice smears, count less.
// The pointers are safe: the buffers are this object's own and made in `init` for the bins that the loops run over, the
// power with zeros for `reach` bins to either side; the caller's two have the sizes that `flatten` asks for.
final class FlattenedBand {
    static let band = 20.0...3_400.0
    static let cornerHz = 2_000.0
    static let smoothingHz = 225.0
    static let floorShare: Float = 0.001

    /// The first bin of the band, and the number of bins in it.
    let firstBin: Int
    let bins: Int
    /// P₀.
    private let noise: Float
    /// The number of bins averaged in P̄ on either side.
    private let reach: Int
    private let powerBins: Int
    /// P of bin k at `k + reach + 1`, zeros to either side.
    private let power: AlignedFloats
    /// Per bin of the band: B; P̄ and then the factor from P to S; the reciprocal of the number of bins averaged in P̄.
    private let weights: AlignedFloats
    private let gain: AlignedFloats
    private let shares: AlignedFloats

    /// - Parameters:
    ///   - size: the transform's length, with at least a few bins below 3400 Hz.
    ///   - spacing: bin spacing in Hz.
    ///   - noise: P₀, the power of a bin regarded as noise, above 0.
    init(size: Int, spacing: Double, noise: Float) {
        self.noise = noise
        firstBin = max(1, Int((Self.band.lowerBound / spacing).rounded(.up)))
        let lastBin = min(size / 2 - 1, Int(Self.band.upperBound / spacing))
        precondition(lastBin >= firstBin, "the band has at least one bin")
        bins = lastBin - firstBin + 1
        reach = max(1, Int((Self.smoothingHz / spacing / 2).rounded()))
        powerBins = min(size / 2, lastBin + reach) + 1
        power = AlignedFloats(count: lastBin + 2 * reach + 3)
        weights = AlignedFloats(count: bins)
        gain = AlignedFloats(count: bins)
        shares = AlignedFloats(count: bins)
        for i in 0..<bins {
            let k = firstBin + i
            let ratio = Double(k) * spacing / Self.cornerHz
            weights.base[i] = Float(1 / (1 + ratio * ratio))
            shares.base[i] = 1 / Float(min(k + reach, powerBins - 1) - max(k - reach, 0) + 1)
        }
    }

    /// Writes S of the band's bins and its mirror image: a real and even spectrum.
    ///
    /// - Parameters:
    ///   - spectrum: shape `[size/2 + 1]` of pairs (real, imaginary).
    ///   - even: shape `[evenSize]`, `evenSize` at least twice `firstBin + bins`; values outside the band are left
    ///     unchanged.
    /// - Returns: the amount that noise of P₀ in each bin would add to Σ S, both halves.
    /// - Complexity: O(bins); allocates nothing.
    func flatten(
        _ spectrum: UnsafePointer<Float>, into even: UnsafeMutablePointer<Float>, evenSize: Int
    ) -> Float {
        let padded = power.base + reach + 1
        for k in 0..<powerBins {
            let re = spectrum[2 * k]
            let im = spectrum[2 * k + 1]
            padded[k] = re * re + im * im
        }
        let floor = Self.floorShare * smoothen() + noise
        let gain = gain.base
        let weights = weights.base
        for i in 0..<bins {
            let root = Self.inverseFourthRoot(gain[i] + floor)
            gain[i] = weights[i] * (root * root * root)
        }
        let power = padded + firstBin
        let rising = even + firstBin
        for i in 0..<bins { rising[i] = power[i] * gain[i] }
        let falling = even + evenSize - firstBin - bins + 1
        for i in 0..<bins { falling[bins - 1 - i] = rising[i] }
        return 2 * noise * Sums.sum(gain, bins)
    }

    /// Writes P̄ into the gains and returns its largest value.
    private func smoothen() -> Float {
        let smooth = gain.base
        let share = shares.base
        let width = 2 * reach + 1
        let old = power.base + firstBin
        let new = old + width
        var sum: Float = 0
        for i in 1...width { sum += old[i] }
        // A running sum: its rounding error, 1e-6 of the loudest, is far below the floor.
        for i in 0..<bins {
            smooth[i] = sum
            sum += new[i + 1] - old[i + 1]
        }
        for i in 0..<bins { smooth[i] *= share[i] }
        return Sums.largest(smooth, bins)
    }

    /// x^−¼ to 1e-4, for x above 0: an estimate from the exponent, refined by two steps of Newton.
    ///
    /// A loop over it vectorises to four lanes; one over `squareRoot` does not.
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
}
