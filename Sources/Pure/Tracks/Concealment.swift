/// What is played in the place of packets that never came: the last pitch period again, fading out.
///
/// After ITU-T G.711 Appendix I, without its overlap at the borders: the most similar past period, 5 to 15 ms long, is
/// repeated; 10 ms at full level, then in a straight line down to silence at 60 ms.
public struct Concealment: Sendable {
    private let sampleRate: Int
    /// The newest samples, oldest first: two of the longest periods.
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

    /// Remembers a packet's samples.
    public mutating func note(_ samples: [Int16]) {
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

    /// Appends the next `count` concealing samples.
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

    /// The past period that the newest samples repeat most closely.
    private func lastPeriod() -> ArraySlice<Int16> {
        let longest = sampleRate * 15 / 1_000
        let shortest = sampleRate * 5 / 1_000
        guard history.count >= 2 * longest else { return history[history.startIndex...].suffix(longest) }
        let end = history.count
        var best = shortest
        var bestScore = -Double.infinity
        for lag in shortest...longest {
            var product: Double = 0
            var energy: Double = 1
            for n in end - longest..<end {
                product += Double(history[n]) * Double(history[n - lag])
                energy += Double(history[n - lag]) * Double(history[n - lag])
            }
            let score = product * abs(product) / energy
            if score > bestScore {
                bestScore = score
                best = lag
            }
        }
        return history[(end - best)...]
    }
}
