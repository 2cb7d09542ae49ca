import SidetoneModel

/// Detects an interval of steps in which a condition holds, reported once it has lasted long enough.
struct IntervalDetector: Sendable, Equatable {
    enum Change: Equatable {
        /// It has lasted for the minimum; its first step lies in the past.
        case started(Int64)
        /// A reported interval has ended: its first step, and one past its last.
        case ended(Int64, Int64)
    }

    private let minimum: Int64
    private let bridge: Int64
    private var brokenSince: Int64?
    /// The first step of the current interval.
    private(set) var start: Int64?
    private(set) var isReported = false

    /// - Parameters:
    ///   - minimum: in steps, at least 1.
    ///   - bridge: the duration of a break that ends a reported interval, in steps; 0: a single step ends it.
    init(minimum: Int64, bridge: Int64 = 0) {
        self.minimum = minimum
        self.bridge = bridge
    }

    /// Processes whether the condition holds at the next step.
    ///
    /// - Parameter mayBridge: whether a break of this kind may be bridged.
    mutating func step(_ number: Int64, holds: Bool, mayBridge: Bool = false) -> Change? {
        guard holds else {
            let broken = brokenSince ?? number
            if isReported && mayBridge && number + 1 - broken < bridge {
                brokenSince = broken
                return nil
            }
            return finish(at: number)
        }
        brokenSince = nil
        let start = self.start ?? number
        self.start = start
        guard !isReported, number + 1 - start >= minimum else { return nil }
        isReported = true
        return .started(start)
    }

    /// Ends the interval.
    ///
    /// - Parameter end: one past its last step.
    mutating func finish(at end: Int64) -> Change? {
        defer {
            start = nil
            isReported = false
            brokenSince = nil
        }
        guard isReported, let start else { return nil }
        return .ended(start, brokenSince ?? end)
    }
}

extension IntervalDetector.Change {
    /// The change as a signal of the whole call, or of a track.
    func signal(
        _ name: String, track: TrackRole? = nil, clock: CallClock, values: [Signal.Entry] = []
    ) -> Signal {
        switch self {
        case .started(let start): Signal(name, .started, track: track, start: clock.seconds(start), values: values)
        case .ended(let start, let end):
            Signal(
                name, .ended, track: track, start: clock.seconds(start), end: clock.seconds(end), values: values)
        }
    }
}
