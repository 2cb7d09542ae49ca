/// Conceals missing packets: the last pitch period is repeated and faded out.
///
/// After ITU-T G.711 Appendix I, without its overlap at the borders: the most similar past period, 5 to 15 ms long, is
/// repeated for 10 ms at full level, then fades linearly to silence at 60 ms.
///
/// - Complexity: the period search is O(rate): it compares at 8 to 16 kHz, then refines the best period at the full
///   rate.
public struct Concealment: Sendable {
    /// The maximum duration of audible concealment in milliseconds; silence follows.
    public static let audibleMs = 60

    private let sampleRate: Int
    /// The newest samples, oldest first: twice the longest period.
    private var history: [Int16] = []
    private let historyLength: Int
    private var period: ArraySlice<Int16> = []
    /// Samples concealed since the last packet.
    private var concealed = 0

    public init(sampleRate: Int) {
        self.sampleRate = sampleRate
        historyLength = sampleRate * 30 / 1_000
        history.reserveCapacity(2 * historyLength)
    }

    /// Records a packet's samples.
    public mutating func record(_ samples: [Int16]) {
        concealed = 0
        period = []
        if samples.count >= historyLength {
            history.removeAll(keepingCapacity: true)
            history.append(contentsOf: samples[(samples.count - historyLength)...])
            return
        }
        let surplus = history.count + samples.count - historyLength
        if surplus > 0 { history.removeFirst(surplus) }
        history.append(contentsOf: samples)
    }

    /// Appends the next `count` concealment samples.
    public mutating func fill(_ count: Int, into samples: inout [Int16]) {
        if concealed == 0 { period = lastPeriod() }
        let step = sampleRate / 100
        for _ in 0..<count {
            if concealed >= 6 * step || period.isEmpty {
                samples.append(0)
            } else {
                let sample = Int32(period[period.startIndex + concealed % period.count])
                samples.append(Int16(sample * Int32(min(5 * step, 6 * step - concealed)) / Int32(5 * step)))
            }
            concealed += 1
        }
    }

    /// The past period that best matches the newest samples.
    private func lastPeriod() -> ArraySlice<Int16> {
        let longest = sampleRate * 15 / 1_000
        let shortest = sampleRate * 5 / 1_000
        guard history.count >= 2 * longest else { return history[history.startIndex...].suffix(longest) }
        let factor = max(1, sampleRate / 8_000)
        var lags = shortest...longest
        if factor > 1 {
            let coarse = Self.decimated(history, by: factor)
            let coarseLags = shortest / factor...longest / factor
            let rough = factor * Self.bestLag(coarse, span: longest / factor, lags: coarseLags)
            let near = min(max(rough, shortest), longest)
            lags = max(shortest, near - factor)...min(longest, near + factor)
        }
        return history[(history.count - Self.bestLag(history, span: longest, lags: lags))...]
    }

    /// The lag at which the last `span` samples correlate best with earlier ones, normalised by the energy of the
    /// latter.
    private static func bestLag(_ samples: [Int16], span: Int, lags: ClosedRange<Int>) -> Int {
        let end = samples.count
        var best = lags.lowerBound
        var bestScore = -Double.infinity
        for lag in lags where lag <= end - span {
            var product: Int64 = 0
            var energy: Int64 = 1
            for n in end - span..<end {
                let past = Int64(samples[n - lag])
                product += Int64(samples[n]) * past
                energy += past * past
            }
            let score = Double(product) * abs(Double(product)) / Double(energy)
            if score > bestScore {
                bestScore = score
                best = lag
            }
        }
        return best
    }

    /// Means of groups of `factor` neighbouring samples, aligned to the newest.
    private static func decimated(_ samples: [Int16], by factor: Int) -> [Int16] {
        let first = samples.count % factor
        return stride(from: first, to: samples.count, by: factor).map { start in
            var sum = 0
            for n in start..<start + factor { sum += Int(samples[n]) }
            return Int16(sum / factor)
        }
    }
}
