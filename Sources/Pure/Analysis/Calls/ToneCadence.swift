/// A tone of the network.
enum ToneKind: String, Sendable {
    case dial, ringback, busy, reorder
    case faxCNG = "fax_cng"
}

/// Tells the tones of a telephone network apart by frequency and rhythm (ITU-T E.180/Q.35).
///
/// | kind | 425 Hz | North America |
/// |---|---|---|
/// | dial | steady for 2 s | 350 + 440 Hz, steady for 1 s |
/// | ringback | on for 0.67…2.5 s, then off for 1.5 s or more | 440 + 480 Hz for 0.8 s |
/// | busy | twice on for 0.37…0.67 s | 480 + 620 Hz, the same |
/// | reorder | twice on for 0.15…0.37 s | 480 + 620 Hz, the same |
/// | fax_cng | 1100 Hz for 0.4 s | |
struct ToneCadence {
    enum Change: Equatable {
        case started(ToneKind, Int64)
        case ended(ToneKind, Int64, Int64)
    }

    private struct Burst {
        var code: Int
        var start: Int64
        var end: Int64
    }

    private let clock: CallClock
    private let lag: Int64
    private var burst: Burst?
    /// The burst before, and what its length made of it.
    private var previous: (kind: ToneKind, code: Int, start: Int64, end: Int64)?
    private(set) var kind: ToneKind?
    private var start: Int64 = 0
    /// The tone code of the open interval, and one past its last burst.
    private var code = 0
    private var ownEnd: Int64 = 0

    init(clock: CallClock) {
        self.clock = clock
        // A code needs 35 of its 50 ms: it comes that much after the tone, less what the row lies before its end.
        lag = clock.steps(ms: 20)
    }

    /// The last step of a tone that lasted for 200 ms, as notes of music seldom do; very small before the first.
    private(set) var lastSounding: Int64 = .min / 2

    /// Takes the tone code of the next step.
    mutating func step(_ number: Int64, _ code: Int) -> Change? {
        if let current = burst, current.code != code {
            burst = nil
            judge(current)
        }
        if code > 0 {
            var current = burst ?? Burst(code: code, start: number - lag, end: number)
            current.end = number + 1
            burst = current
            if current.end - current.start >= clock.steps(ms: 200) { lastSounding = number }
        }
        let change = kind == nil ? open(number) : close(number)
        return change
    }

    mutating func finish(at end: Int64) -> Change? {
        defer {
            kind = nil
            burst = nil
            previous = nil
        }
        return kind.map { .ended($0, start, min(end, ownEnd)) }
    }

    /// Opens an interval when the burst that sounds, or the last two, say which tone it is.
    private mutating func open(_ number: Int64) -> Change? {
        if let burst {
            let length = burst.end - burst.start
            switch burst.code {
            case 1 where length >= clock.steps(ms: 2_500): return begin(.dial, burst)
            case 2 where length >= clock.steps(ms: 1_000): return begin(.dial, burst)
            case 3 where length >= clock.steps(ms: 800): return begin(.ringback, burst)
            case 5 where length >= clock.steps(ms: 400): return begin(.faxCNG, burst)
            default: return nil
            }
        }
        guard let previous, previous.kind == .ringback, number - previous.end >= clock.steps(ms: 1_500) else {
            return pending
        }
        return begin(.ringback, Burst(code: previous.code, start: previous.start, end: previous.end))
    }

    /// What `judge` found: the second of two equal bursts.
    private var pending: Change? {
        mutating get {
            guard let found = repeated else { return nil }
            repeated = nil
            return begin(found.kind, Burst(code: found.code, start: found.start, end: found.end))
        }
    }
    private var repeated: (kind: ToneKind, code: Int, start: Int64, end: Int64)?

    private mutating func begin(_ kind: ToneKind, _ burst: Burst) -> Change {
        self.kind = kind
        start = burst.start
        code = burst.code
        ownEnd = burst.end
        repeated = nil
        return .started(kind, start)
    }

    /// Looks at a burst that is over.
    private mutating func judge(_ burst: Burst) {
        let length = clock.duration(burst.end - burst.start)
        let found: ToneKind? =
            switch (burst.code, length) {
            case (1, 0.15..<0.37), (4, 0.15..<0.37): .reorder
            case (1, 0.37..<0.67), (4, 0.37..<0.67): .busy
            case (1, 0.67..<2.5): .ringback
            default: nil
            }
        if let found, let previous, previous.kind == found, previous.code == burst.code, found != .ringback,
            burst.start - previous.end <= clock.steps(ms: 1_000)
        {
            repeated = (found, burst.code, previous.start, burst.end)
        }
        previous = found.map { ($0, burst.code, burst.start, burst.end) }
    }

    /// Closes the open interval when its rhythm has stopped, or another tone sounds.
    private mutating func close(_ number: Int64) -> Change? {
        guard let kind else { return nil }
        let pause =
            switch kind {
            case .dial: 500
            case .busy: 1_000
            case .reorder: 600
            // E.180 allows 5 s between rings, T.30 sends CNG every 3 s.
            case .ringback: 5_500
            case .faxCNG: 3_500
            }
        // Another rhythm, or other frequencies for longer than a stray match.
        if let other = repeated, other.kind != kind { return end(kind, at: min(other.start, ownEnd)) }
        repeated = nil
        if let burst, burst.code != code, burst.end - burst.start >= clock.steps(ms: 150) {
            return end(kind, at: ownEnd)
        }
        if let burst, burst.code == code { ownEnd = burst.end }
        guard number + 1 - ownEnd > clock.steps(ms: pause) else { return nil }
        return end(kind, at: ownEnd)
    }

    private mutating func end(_ kind: ToneKind, at end: Int64) -> Change {
        self.kind = nil
        return .ended(kind, start, end)
    }
}
