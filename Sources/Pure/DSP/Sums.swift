/// Sums over a span, in wide registers.
public enum Sums {
    /// Σ x[n], eight partial sums.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func sum(_ values: Span<Float>) -> Float {
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return 0 }
            let raw = UnsafeRawPointer(base)
            var sums = SIMD8<Float>.zero
            var n = 0
            while n + 8 <= values.count {
                sums += raw.loadUnaligned(fromByteOffset: n * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
                n += 8
            }
            var sum = sums.sum()
            while n < values.count {
                sum += values[n]
                n += 1
            }
            return sum
        }
    }
}
