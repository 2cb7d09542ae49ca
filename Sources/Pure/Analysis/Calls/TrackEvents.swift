import SidetoneModel

/// Events of a track that wait for the call clock to reach their step; each is delivered once.
///
/// Memory is bounded: beyond `limit` waiting events of a kind, further lost media is added to the last event, and
/// further digits and stretches of silence are dropped.
struct TrackEvents {
    private struct Loss {
        var step: Int64
        var ms: Double
    }

    static let limit = 256
    /// The maximum distance before the newest gap at which silence may still belong to an earlier one, in seconds.
    static let memory = 4.0

    var sampleRate = 8_000
    private var losses: [Loss] = []
    private var packets: [(step: Int64, count: Int64)] = []
    private var digits: [(step: Int64, digit: HeardDigit)] = []
    /// The gaps filled by the receiver, in seconds on the call clock, oldest first.
    private var gaps: [Range<Double>] = []

    var hasDigits: Bool { !digits.isEmpty }

    mutating func addGap(_ gap: Range<Double>, isLost: Bool, step: Int64) {
        let old = gaps.prefix { $0.upperBound < gap.lowerBound - Self.memory }.count
        gaps.removeFirst(gaps.count == Self.limit ? max(1, old) : old)
        gaps.append(gap)
        guard isLost else { return }
        let ms = (gap.upperBound - gap.lowerBound) * 1000
        if losses.count < Self.limit {
            losses.append(Loss(step: step, ms: ms))
        } else {
            losses[Self.limit - 1].ms += ms
        }
    }

    mutating func add(_ fact: TrackFact, step: Int64, role: TrackRole) {
        switch fact.kind {
        case .digit(let digit):
            guard digits.count < Self.limit else { return }
            digits.append((step, append(digit, role: role)))
        case .emptyPackets(let first, let count):
            let left = count - filled(first..<first + count)
            let whole = ZeroPackets.packets(in: left, of: Int64(max(1, sampleRate / 50)))
            guard whole > 0, packets.count < Self.limit else { return }
            packets.append((step, whole))
        }
    }

    /// The sum of lost media up to a step, in milliseconds.
    mutating func drainLost(through step: Int64) -> Double {
        guard !losses.isEmpty else { return 0 }
        var ms = 0.0
        while let first = losses.first, first.step <= step {
            ms += first.ms
            losses.removeFirst()
        }
        return ms
    }

    /// The packets of silence up to a step.
    mutating func drainEmptyPackets(through step: Int64) -> Int64 {
        guard !packets.isEmpty else { return 0 }
        var count: Int64 = 0
        while let first = packets.first, first.step <= step {
            count += first.count
            packets.removeFirst()
        }
        return count
    }

    /// The next digit up to a step.
    mutating func nextDigit(through step: Int64) -> HeardDigit? {
        guard let first = digits.first, first.step <= step else { return nil }
        return digits.removeFirst().digit
    }

    /// The number of samples of a stretch that the receiver filled.
    private func filled(_ stretch: Range<Int64>) -> Int64 {
        let rate = Double(sampleRate)
        return gaps.reduce(0) { sum, gap in
            let first = max(stretch.lowerBound, Int64((gap.lowerBound * rate).rounded()))
            return sum + max(0, min(stretch.upperBound, Int64((gap.upperBound * rate).rounded())) - first)
        }
    }

    private func append(_ digit: TrackFact.Digit, role: TrackRole) -> HeardDigit {
        func seconds(_ sample: Int64) -> Double { Double(sample) / Double(sampleRate) }
        return HeardDigit(
            role: role, isOfEitherTrack: false, text: DTMFReceiver.digits[digit.code - 1], start: seconds(digit.start),
            end: seconds(digit.end), sound: HeardDigit.Sound(code: digit.code, levelDBFS: digit.levelDBFS))
    }
}
