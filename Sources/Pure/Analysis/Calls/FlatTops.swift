import SidetoneDSP

/// Counts samples in flat tops: the characteristic of clipping, including clipping upstream below full scale.
///
/// A sine within 3 % of its peak for 0.375 ms or longer is under 210 Hz, which a telephone does not transmit; so tones
/// have no flat tops. Magnitudes are measured from the line's DC offset, and a top counts once the signal has returned
/// from it: half a period of the lowest voice lasts 10 ms, so a longer excursion is an offset and not a top.
struct FlatTops {
    private let minimum: Int
    private let half: Int
    private let longest: Int
    /// The mean of the last 0.2 s: the DC offset of the line.
    private var offset: Float?
    private var run = 0
    private var last: Float = 0
    /// How long the signal has stayed on one side beyond half of its peak; 0 if it has not.
    private var out = 0
    private var isAbove = true
    /// Samples in flat tops during that time.
    private var pending = 0
    /// The peaks of this half second and of the previous one.
    private var peak: Float = 0
    private var before: Float = 0
    private var processed = 0

    /// Lower peaks are ignored: at −34 dBFS the steps of G.711 are as coarse as the tolerance.
    static let softest: Float = 0.02
    static let top: Float = 0.97
    /// The smoothing factor per block of 10 ms, for a mean over 0.2 s.
    static let offsetGain: Float = 0.05

    init(sampleRate: Int) {
        minimum = max(3, Int((Double(sampleRate) * 0.000_375).rounded()))
        half = sampleRate / 2
        longest = max(1, sampleRate / 100)
    }

    /// - Parameter block: the next 10 ms.
    mutating func count(in block: Span<Float>) -> Int {
        if processed >= half {
            before = peak
            peak = 0
            processed = 0
        }
        processed += block.count
        let extent = Peak.extent(of: block)
        let offset = offset.map { $0 + Self.offsetGain * (extent.mean - $0) } ?? extent.mean
        self.offset = offset
        let current = max(extent.greatest - offset, offset - extent.least)
        peak = max(peak, current)
        let limit = Self.top * max(peak, before)
        guard out > 0 || current >= limit, limit >= Self.softest else {
            run = 0
            out = 0
            return 0
        }
        var count = 0
        for n in 0..<block.count {
            let value = block[n] - offset
            let size = abs(value)
            track(value, size: size, limit: limit, count: &count)
            let isLevel = run == 0 || abs(value - last) <= 0.002 * limit
            run = size >= limit ? (isLevel ? run + 1 : 1) : 0
            last = value
            if run >= minimum { pending += run == minimum ? minimum : 1 }
        }
        return count
    }

    /// Counts the flat tops of the excursion that has just ended.
    private mutating func track(_ value: Float, size: Float, limit: Float, count: inout Int) {
        if size >= 0.5 * limit && (out == 0 || isAbove == (value > 0)) {
            isAbove = value > 0
            out += 1
            return
        }
        guard out > 0 else { return }
        if out <= longest { count += pending }
        pending = 0
        out = size >= 0.5 * limit ? 1 : 0
        isAbove = value > 0
    }
}
