/// How much of a spectrum's fine structure, its lines as against its shape, is still there a while later.
///
/// Of each spectrum it takes D[k] = log P[k] less its mean over neighbouring bins, less the slow mean of the same over
/// time, and correlates D with that of `lag` spectra before. Held notes keep their lines; the harmonics of speech glide
/// away within 100 ms, and noise has no lines at all.
public struct FineStructure: Sendable {
    private let bins: Range<Int>
    private let reach: Int
    private let lag: Int
    private let forget: Float
    private var logs: [Float]
    private var detail: [Float]
    private var mean: [Float]
    /// The last `lag` details, and the norm of each.
    private var ring: [Float]
    private var norms: [Float]
    private var count = 0

    /// - Parameters:
    ///   - bins: those looked at; `reach` more on either side must exist.
    ///   - reach: how many bins to either side make the local mean, at least 1.
    ///   - lag: how many spectra back, at least 1.
    ///   - timeConstant: of the slow mean, in spectra.
    public init(bins: Range<Int>, reach: Int, lag: Int, timeConstant: Float) {
        precondition(
            !bins.isEmpty && bins.lowerBound >= reach && reach > 0 && lag > 0, "a band with room on both sides")
        self.bins = bins
        self.reach = reach
        self.lag = lag
        forget = 1 / timeConstant
        logs = [Float](repeating: 0, count: bins.count + 2 * reach)
        detail = [Float](repeating: 0, count: bins.count)
        mean = [Float](repeating: 0, count: bins.count)
        ring = [Float](repeating: 0, count: lag * bins.count)
        norms = [Float](repeating: 0, count: lag)
    }

    /// Takes the next spectrum.
    ///
    /// - Parameter power: shape `[≥ bins.upperBound + reach]`.
    /// - Returns: the correlation, −1…1; 0 for the first `lag` spectra and where there is no structure.
    /// - Complexity: O(bins); allocates nothing.
    public mutating func correlation(_ power: Span<Float>) -> Float {
        let first = bins.lowerBound - reach
        let width = bins.count
        let slot = count % lag
        let forget = forget
        power.withUnsafeBufferPointer { power in
            logs.withUnsafeMutableBufferPointer { logs in
                for k in logs.indices { logs[k] = Self.log2(power[first + k] + 1e-9) }
            }
        }
        let span = 2 * reach + 1
        let scale = 1 / Float(span)
        var sum: Float = 0
        for k in 0..<span - 1 { sum += logs[k] }
        for k in 0..<width {
            sum += logs[k + span - 1]
            detail[k] = logs[k + reach] - sum * scale
            sum -= logs[k]
        }
        var dot: Float = 0
        var square: Float = 0
        detail.withUnsafeMutableBufferPointer { detail in
            mean.withUnsafeMutableBufferPointer { mean in
                for k in 0..<width {
                    mean[k] += forget * (detail[k] - mean[k])
                    detail[k] -= mean[k]
                }
            }
            ring.withUnsafeMutableBufferPointer { ring in
                // Four partial sums each: a single one would wait for every addition.
                var dots = SIMD4<Float>.zero
                var squares = SIMD4<Float>.zero
                let start = slot * width
                var k = 0
                while k + 4 <= width {
                    let now = SIMD4(detail[k], detail[k + 1], detail[k + 2], detail[k + 3])
                    let place = start + k
                    dots += now * SIMD4(ring[place], ring[place + 1], ring[place + 2], ring[place + 3])
                    squares += now * now
                    k += 4
                }
                dot = dots.sum()
                square = squares.sum()
                while k < width {
                    dot += detail[k] * ring[start + k]
                    square += detail[k] * detail[k]
                    k += 1
                }
                for k in 0..<width { ring[start + k] = detail[k] }
            }
        }
        let product = square * norms[slot]
        norms[slot] = square
        count += 1
        return product > 1e-12 ? dot / product.squareRoot() : 0
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
