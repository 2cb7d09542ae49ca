/// Sums over floats by eight partial sums.
///
/// Swift keeps the order of Float additions, so a plain loop is never vectorised; eight lanes say that the order is free.
// Safe: every load lies within `count` values of the pointer given, which the callers own for the call.
enum Sums {
    typealias Lanes = SIMD8<Float>

    /// Eight neighbouring values.
    @inline(__always)
    static func lanes(_ values: UnsafePointer<Float>, _ index: Int) -> Lanes {
        UnsafeRawPointer(values + index).loadUnaligned(as: Lanes.self)
    }

    /// Σ x[n]
    static func sum(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var sums = Lanes.zero
        var n = 0
        while n + 8 <= count {
            sums += lanes(values, n)
            n += 8
        }
        var sum = sums.sum()
        while n < count {
            sum += values[n]
            n += 1
        }
        return sum
    }

    /// Σ x[n]²
    static func squares(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var sums = Lanes.zero
        var n = 0
        while n + 8 <= count {
            let x = lanes(values, n)
            sums += x * x
            n += 8
        }
        var sum = sums.sum()
        while n < count {
            sum += values[n] * values[n]
            n += 1
        }
        return sum
    }

    /// Σ x[n]² and max x[n]², 0 of nothing.
    static func squaresAndPeak(_ values: UnsafePointer<Float>, count: Int) -> (sum: Float, peak: Float) {
        var sums = Lanes.zero
        var peaks = Lanes.zero
        var n = 0
        while n + 8 <= count {
            let x = lanes(values, n)
            let square = x * x
            sums += square
            peaks = peaks.replacing(with: square, where: square .> peaks)
            n += 8
        }
        var sum = sums.sum()
        var peak = peaks.max()
        while n < count {
            let square = values[n] * values[n]
            sum += square
            peak = max(peak, square)
            n += 1
        }
        return (sum, peak)
    }
}
