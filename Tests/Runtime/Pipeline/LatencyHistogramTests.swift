import SidetoneModel
import SidetonePipeline
import Testing

@Suite struct LatencyHistogramTests {
    @Test(arguments: [UInt64](1...5))
    func `quantiles are within a 32nd of the exact ones`(seed: UInt64) {
        print("LatencyHistogramTests: seed \(seed)")
        var noise = SplitMix64(seed: seed)
        var histogram = LatencyHistogram()
        // From 1 ns to 4 s, as many in each octave.
        let values = (0..<5_000).map { _ in Int64(1) << Int64(noise.next() % 32) }.map { base in
            min(4_000_000_000, base + Int64(Double(base) * noise.fraction()))
        }
        for value in values { histogram.record(nanoseconds: value) }
        let sorted = values.sorted()
        for quantile in [0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1] {
            let exact = Double(sorted[max(1, Int((5_000 * quantile).rounded(.up))) - 1]) / 1_000
            let found = histogram.microseconds(at: quantile)
            #expect(abs(found - exact) <= exact / 32 * (1 + 1e-12), "at \(quantile): \(found) beside \(exact) µs")
        }
        #expect(histogram.count == 5_000)
    }

    @Test func `nothing recorded reads as nothing`() {
        #expect(LatencyHistogram().microseconds(at: 0.5) == 0)
        #expect(LatencyHistogram().count == 0)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, 5_000_000_000, .max])
    func `any number has a bucket`(nanoseconds: Int64) {
        var histogram = LatencyHistogram()
        histogram.record(nanoseconds: nanoseconds)
        let found = histogram.microseconds(at: 1)
        #expect(nanoseconds <= 1 ? found < 0.002 : found > 3_500_000 && found < 4_300_000)
    }

    @Test func `two histograms added are the histogram of both`() {
        var noise = SplitMix64(seed: 7)
        var (both, left, right) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for number in 0..<1_000 {
            let value = Int64(noise.next() % 1_000_000)
            both.record(nanoseconds: value)
            if number.isMultiple(of: 3) { left.record(nanoseconds: value) } else { right.record(nanoseconds: value) }
        }
        left.add(right)
        #expect(left == both)
    }
}
