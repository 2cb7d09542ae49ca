/// Counts of a quantity in buckets that grow by a quarter: quantiles within 12.5 %, in 1 kB.
public struct LatencyHistogram: Sendable, Hashable {
    private var buckets = [Int](repeating: 0, count: 128)
    public private(set) var count = 0

    public init() {}

    /// - Parameter nanoseconds: from 0 up; from about 4 s on, all is one bucket.
    public mutating func record(nanoseconds: Int64) {
        let value = max(1, UInt64(max(0, nanoseconds)))
        let exponent = 63 - value.leadingZeroBitCount
        let quarter = Int((exponent < 2 ? value << UInt64(2 - exponent) : value >> UInt64(exponent - 2)) & 3)
        buckets[min(127, exponent * 4 + quarter)] += 1
        count += 1
    }

    /// Adds what another histogram counted.
    public mutating func add(_ other: LatencyHistogram) {
        for bucket in buckets.indices { buckets[bucket] += other.buckets[bucket] }
        count += other.count
    }

    /// The middle of the bucket that holds the quantile, in microseconds; 0 when nothing was recorded.
    ///
    /// - Parameter quantile: 0…1.
    public func microseconds(at quantile: Double) -> Double {
        var left = max(1, Int((Double(count) * quantile).rounded(.up)))
        for (bucket, number) in buckets.enumerated() {
            left -= number
            if left <= 0, count > 0 {
                let base = Double(UInt64(1) << UInt64(bucket / 4))
                return base * (1 + (Double(bucket % 4) + 0.5) / 4) / 1_000
            }
        }
        return 0
    }
}
