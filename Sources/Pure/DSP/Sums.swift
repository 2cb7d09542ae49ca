/// Vectorised reductions that the compiler would perform one value at a time.
// The pointers are safe where they point at `count` values: nothing beyond is read.
public enum Sums {
    /// Σ x[n], eight partial sums.
    static func sum(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
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

    /// The maximum of non-negative values; 0 for none.
    static func largest(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
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

    /// The maximum of non-negative values over a range; 0 for none.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func largest(_ values: AlignedFloats, over range: Range<Int>) -> Float {
        precondition(range.lowerBound >= 0 && range.upperBound <= values.count, "the range lies within the values")
        return largest(values.base + range.lowerBound, range.count)
    }

    /// Σ x[n] over a range, eight partial sums.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func sum(_ values: AlignedFloats, over range: Range<Int>) -> Float {
        precondition(range.lowerBound >= 0 && range.upperBound <= values.count, "the range lies within the values")
        return sum(values.base + range.lowerBound, range.count)
    }
}
