/// Measures how much of a spectrum's fine structure (its lines, as opposed to its envelope) persists over time.
///
/// For each spectrum it computes D[k] = log P[k] less its mean over neighbouring bins, and correlates it with that of
/// `lag` spectra before; and does the same with D less its own slow mean over time. Held notes keep their lines, so
/// both correlations are high; the harmonics of speech change within 100 ms. The spectral colour of a line raises only
/// the first one, and a residue of a past sound in the slow mean only the second.
public struct FineStructure: Sendable {
    private let bins: Range<Int>
    private let reach: Int
    private let lag: Int
    private let forget: Float
    private var logs: [Float]
    private var still: [Float]
    private var moving: [Float]
    private var mean: [Float]
    private var stillPast: Past
    private var movingPast: Past
    private var count = 0

    /// - Parameters:
    ///   - bins: the bins examined; `reach` more on either side must exist.
    ///   - reach: the number of bins on either side that form the local mean, at least 1.
    ///   - lag: the distance in spectra, at least 1.
    ///   - timeConstant: of the slow mean, in spectra.
    public init(bins: Range<Int>, reach: Int, lag: Int, timeConstant: Float) {
        precondition(
            !bins.isEmpty && bins.lowerBound >= reach && reach > 0 && lag > 0, "the band needs a margin on both sides")
        self.bins = bins
        self.reach = reach
        self.lag = lag
        forget = 1 / timeConstant
        logs = [Float](repeating: 0, count: bins.count + 2 * reach)
        still = [Float](repeating: 0, count: bins.count)
        moving = [Float](repeating: 0, count: bins.count)
        mean = [Float](repeating: 0, count: bins.count)
        stillPast = Past(width: bins.count, lag: lag)
        movingPast = stillPast
    }

    /// Processes the next spectrum.
    ///
    /// - Parameter power: shape `[≥ bins.upperBound + reach]`.
    /// - Returns: both correlations, −1…1: of the lines, and of their changing part; 0 for the first `lag` spectra and
    ///   where there is no structure.
    /// - Complexity: O(bins); allocates nothing.
    public mutating func correlations(_ power: AlignedFloats) -> (still: Float, moving: Float) {
        let first = bins.lowerBound - reach
        let width = bins.count
        let slot = count % lag
        let forget = forget
        precondition(first >= 0 && first + logs.count <= power.count, "the bins lie within the spectrum")
        let base = power.base
        logs.withUnsafeMutableBufferPointer { logs in
            for k in logs.indices { logs[k] = Self.log2(base[first + k] + 1e-9) }
        }
        let span = 2 * reach + 1
        let scale = 1 / Float(span)
        let reach = reach
        logs.withUnsafeBufferPointer { logs in
            still.withUnsafeMutableBufferPointer { still in
                var sum: Float = 0
                for k in 0..<span - 1 { sum += logs[k] }
                for k in 0..<width {
                    sum += logs[k + span - 1]
                    still[k] = logs[k + reach] - sum * scale
                    sum -= logs[k]
                }
                moving.withUnsafeMutableBufferPointer { moving in
                    mean.withUnsafeMutableBufferPointer { mean in
                        for k in 0..<width {
                            mean[k] += forget * (still[k] - mean[k])
                            moving[k] = still[k] - mean[k]
                        }
                    }
                }
            }
        }
        count += 1
        return (stillPast.exchange(still, slot: slot), movingPast.exchange(moving, slot: slot))
    }

    /// The last `lag` vectors, and the squared norm of each.
    private struct Past {
        private let width: Int
        private var ring: [Float]
        private var squares: [Float]

        init(width: Int, lag: Int) {
            self.width = width
            ring = [Float](repeating: 0, count: lag * width)
            squares = [Float](repeating: 0, count: lag)
        }

        /// The correlation of a vector with the one that it replaces.
        mutating func exchange(_ vector: [Float], slot: Int) -> Float {
            let width = width
            let start = slot * width
            var dot: Float = 0
            var square: Float = 0
            ring.withUnsafeMutableBufferPointer { ring in
                vector.withUnsafeBufferPointer { vector in
                    // Four partial sums each: a single one would serialise the additions.
                    var dots = SIMD4<Float>.zero
                    var sums = SIMD4<Float>.zero
                    var k = 0
                    while k + 4 <= width {
                        let at = start + k
                        let now = SIMD4(vector[k], vector[k + 1], vector[k + 2], vector[k + 3])
                        dots += now * SIMD4(ring[at], ring[at + 1], ring[at + 2], ring[at + 3])
                        sums += now * now
                        k += 4
                    }
                    dot = dots.sum()
                    square = sums.sum()
                    while k < width {
                        dot += vector[k] * ring[start + k]
                        square += vector[k] * vector[k]
                        k += 1
                    }
                    for k in 0..<width { ring[start + k] = vector[k] }
                }
            }
            let product = square * squares[slot]
            squares[slot] = square
            return product > 1e-12 ? dot / product.squareRoot() : 0
        }
    }

    /// The binary logarithm of a positive normal number, to within 2e-5: exponent and a polynomial of the mantissa,
    /// fitted to log₂(1 + t) on 0…1 by least squares at Chebyshev points.
    @inline(__always)
    static func log2(_ value: Float) -> Float {
        let bits = value.bitPattern
        let exponent = Float(Int32(truncatingIfNeeded: bits >> 23) - 127)
        let t = Float(bitPattern: (bits & 0x7F_FFFF) | 0x3F80_0000) - 1
        let low: Float = 1.4418799 + t * (-0.70886522 + t * 0.41524556)
        return exponent + t * (low + t * t * t * (-0.19351652 + t * 0.04526829))
    }
}
