import SidetoneDSP

/// Counts samples in flat tops: the mark of clipping, also of clipping somewhere upstream, under full scale.
///
/// A sine within 3 % of its peak for 0.375 ms or longer is under 210 Hz, which a telephone does not carry; so tones
/// have none.
struct FlatTops {
    private let minimum: Int
    private let half: Int
    private var run = 0
    private var last: Float = 0
    /// The peaks of this half second and of the one before.
    private var peak: Float = 0
    private var before: Float = 0
    private var taken = 0

    /// Softer peaks than this are not looked at: at −34 dBFS the steps of G.711 are as coarse as the search.
    static let softest: Float = 0.02
    static let top: Float = 0.97

    init(sampleRate: Int) {
        minimum = max(3, Int((Double(sampleRate) * 0.000_375).rounded()))
        half = sampleRate / 2
    }

    mutating func count(in block: Span<Float>) -> Int {
        if taken >= half {
            before = peak
            peak = 0
            taken = 0
        }
        taken += block.count
        let own = Peak.magnitude(of: block)
        peak = max(peak, own)
        let limit = Self.top * max(peak, before)
        guard own >= limit, limit >= Self.softest else {
            run = 0
            return 0
        }
        var count = 0
        for n in 0..<block.count {
            let size = abs(block[n])
            let isLevel = run == 0 || abs(block[n] - last) <= 0.002 * limit
            run = size >= limit ? (isLevel ? run + 1 : 1) : 0
            last = block[n]
            if run >= minimum { count += run == minimum ? minimum : 1 }
        }
        return count
    }
}
