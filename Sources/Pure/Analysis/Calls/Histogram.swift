/// A histogram with bins of equal width, whose memory does not depend on the number of values.
///
/// A quantile is accurate to half a bin; values outside the range count in the first or last bin.
struct Histogram: Sendable, Equatable {
    private let lower: Double
    private let width: Double
    private var counts: [UInt32]
    private(set) var count = 0

    /// - Parameters:
    ///   - range: the values to distinguish.
    ///   - width: the bin width.
    init(_ range: ClosedRange<Double>, width: Double) {
        lower = range.lowerBound
        self.width = width
        counts = [UInt32](repeating: 0, count: max(1, Int(((range.upperBound - lower) / width).rounded(.up))))
    }

    mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        let bin = ((value - lower) / width).rounded(.down)
        counts[Int(min(max(0, bin), Double(counts.count - 1)))] += 1
        count += 1
    }

    /// The smallest value that at least a given share of all values does not exceed; nil if empty.
    func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let wanted = max(1, (share * Double(count)).rounded(.up))
        var cumulative = 0.0
        for (bin, count) in counts.enumerated() {
            cumulative += Double(count)
            if cumulative >= wanted { return lower + (Double(bin) + 0.5) * width }
        }
        return nil
    }
}
