/// A histogram with buckets that grow by a sixteenth: quantiles within 3.2 %, in 4 kB.
package struct LatencyHistogram: Sendable, Hashable {
    /// Each power of two has 2⁴ buckets.
    private static let bits = 4
    private static let octaves = 32

    private var buckets = [Int](repeating: 0, count: octaves << bits)
    package private(set) var count = 0

    package init() {}

    /// - Parameter nanoseconds: at least 0; values from about 4 s share one bucket.
    package mutating func record(nanoseconds: Int64) {
        let value = max(1, UInt64(max(0, nanoseconds)))
        let exponent = 63 - value.leadingZeroBitCount
        let shift = exponent - Self.bits
        let part = Int(shift < 0 ? value << UInt64(-shift) : value >> UInt64(shift)) & (1 << Self.bits - 1)
        buckets[min(buckets.count - 1, exponent << Self.bits + part)] += 1
        count += 1
    }

    /// Adds the counts of another histogram.
    package mutating func add(_ other: LatencyHistogram) {
        for bucket in buckets.indices { buckets[bucket] += other.buckets[bucket] }
        count += other.count
    }

    /// The counts added since an earlier copy of the same histogram.
    package func since(_ earlier: LatencyHistogram) -> LatencyHistogram {
        var later = self
        for bucket in buckets.indices { later.buckets[bucket] -= earlier.buckets[bucket] }
        later.count -= earlier.count
        return later
    }

    /// The midpoint of a bucket in nanoseconds.
    private static func middle(of bucket: Int) -> Double {
        let (octave, part) = bucket.quotientAndRemainder(dividingBy: 1 << bits)
        return Double(UInt64(1) << UInt64(octave)) * (1 + (Double(part) + 0.5) / Double(1 << bits))
    }

    /// The cumulative counts up to each bound, by the midpoints of their buckets.
    ///
    /// - Parameter bounds: in seconds, ascending.
    package func counts(upTo bounds: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: bounds.count)
        for (bucket, number) in buckets.enumerated() where number > 0 {
            let seconds = Self.middle(of: bucket) / 1e9
            for (index, bound) in bounds.enumerated() where seconds <= bound { counts[index] += number }
        }
        return counts
    }

    /// The sum of all values in seconds, by the midpoints of their buckets.
    package var sumSeconds: Double {
        buckets.enumerated().reduce(0) { $0 + Double($1.element) * Self.middle(of: $1.offset) } / 1e9
    }

    /// The midpoint of the bucket that contains the quantile, in microseconds; 0 when nothing was recorded.
    ///
    /// - Parameter quantile: 0…1.
    package func microseconds(at quantile: Double) -> Double {
        var left = max(1, Int((Double(count) * quantile).rounded(.up)))
        for (bucket, number) in buckets.enumerated() {
            left -= number
            if left <= 0, count > 0 {
                return Self.middle(of: bucket) / 1_000
            }
        }
        return 0
    }
}
