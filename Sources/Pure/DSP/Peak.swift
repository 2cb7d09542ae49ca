/// Extreme values and magnitudes of a span, in wide registers.
public enum Peak {
    /// max |x[n]|; 0 for an empty span.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func magnitude(of values: Span<Float>) -> Float {
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return 0 }
            let raw = UnsafeRawPointer(base)
            var largest = SIMD8<Float>.zero
            var n = 0
            while n + 8 <= values.count {
                let x = raw.loadUnaligned(fromByteOffset: n * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
                let size = x.replacing(with: -x, where: x .< 0)
                largest = largest.replacing(with: size, where: size .> largest)
                n += 8
            }
            var result = largest.max()
            while n < values.count {
                result = max(result, abs(values[n]))
                n += 1
            }
            return result
        }
    }

    /// The minimum, the maximum and the mean in one pass; all 0 for an empty span.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func extent(of values: Span<Float>) -> (least: Float, greatest: Float, mean: Float) {
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress, values.count > 0 else { return (0, 0, 0) }
            let raw = UnsafeRawPointer(base)
            var least = SIMD8<Float>(repeating: values[0])
            var greatest = least
            var sums = SIMD8<Float>.zero
            var n = 0
            while n + 8 <= values.count {
                let x = raw.loadUnaligned(fromByteOffset: n * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
                least = least.replacing(with: x, where: x .< least)
                greatest = greatest.replacing(with: x, where: x .> greatest)
                sums += x
                n += 8
            }
            var (low, high, sum) = (least.min(), greatest.max(), sums.sum())
            while n < values.count {
                low = min(low, values[n])
                high = max(high, values[n])
                sum += values[n]
                n += 1
            }
            return (low, high, sum / Float(values.count))
        }
    }

    /// Σ |x[n]| / N; 0 for an empty span.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func meanMagnitude(of values: Span<Float>) -> Float {
        values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return 0 }
            let raw = UnsafeRawPointer(base)
            var sums = SIMD8<Float>.zero
            var n = 0
            while n + 8 <= values.count {
                let x = raw.loadUnaligned(fromByteOffset: n * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
                sums += x.replacing(with: -x, where: x .< 0)
                n += 8
            }
            var sum = sums.sum()
            while n < values.count {
                sum += abs(values[n])
                n += 1
            }
            return values.isEmpty ? 0 : sum / Float(values.count)
        }
    }
}
