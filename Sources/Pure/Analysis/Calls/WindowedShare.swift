import SidetoneModel

/// Detects when a sum over a sliding window exceeds a limit, and when it has stayed below it for long enough.
struct WindowedShare {
    enum Change: Equatable {
        /// The first step that contributed to it.
        case started(Int64)
        /// The first step, one past the last that contributed, and the sum in between.
        case ended(Int64, Int64, Double)
    }

    private let limit: Double
    private let hold: Int64
    private let least: Int
    private var counted = 0
    /// The values in the window.
    private var ring: [Double]
    private var sum = 0.0
    private var lastCounted: Int64 = .min
    private var start: Int64?
    private var end: Int64 = 0
    private var lastOver: Int64 = 0
    private var total = 0.0

    /// - Parameters:
    ///   - window: in steps.
    ///   - limit: the limit that the window's sum must exceed.
    ///   - hold: the number of steps below the limit that end it.
    ///   - least: the minimum number of contributing steps in the window.
    init(window: Int64, limit: Double, hold: Int64, least: Int = 1) {
        ring = [Double](repeating: 0, count: Int(window))
        self.limit = limit
        self.hold = hold
        self.least = least
    }

    var isOpen: Bool { start != nil }

    mutating func step(_ number: Int64, value: Double) -> Change? {
        // Neither this step nor the window contributes, as in most steps of most calls.
        if counted == 0, !(value > 0) { return start != nil && number - lastOver > hold ? close() : nil }
        let slot = Int(number % Int64(ring.count))
        sum += value - ring[slot]
        counted += (value > 0 ? 1 : 0) - (ring[slot] > 0 ? 1 : 0)
        ring[slot] = value
        if value > 0 {
            lastCounted = number
            if start != nil { total += value }
        } else if lastCounted <= number - Int64(ring.count) {
            // Nothing in the window contributes: the remainder is rounding error.
            sum = 0
        }
        guard sum > limit, counted >= least else { return number - lastOver > hold ? close() : nil }
        lastOver = number
        end = lastCounted + 1
        guard start == nil else { return nil }
        let first = first(number)
        start = first
        total = sum
        return .started(first)
    }

    mutating func finish() -> Change? { close() }

    /// The oldest contributing step in the window.
    private func first(_ number: Int64) -> Int64 {
        let window = Int64(ring.count)
        var step = max(0, number - window + 1)
        while step < number, ring[Int(step % window)] <= 0 { step += 1 }
        return step
    }

    private mutating func close() -> Change? {
        guard let start else { return nil }
        self.start = nil
        return .ended(start, end, total)
    }
}

extension WindowedShare.Change {
    /// The change as a signal of a track.
    ///
    /// - Parameter share: the share, from 0 to 1, of a sum over a number of steps, as a named value.
    func signal(
        _ name: String, role: TrackRole, clock: CallClock, share: (name: String, of: (Double, Int64) -> Double)
    ) -> Signal {
        switch self {
        case .started(let start): Signal(name, .started, track: role, start: clock.seconds(start))
        case .ended(let start, let end, let sum):
            Signal(
                name, .ended, track: role, start: clock.seconds(start), end: clock.seconds(end),
                values: [
                    Signal.Entry(share.name, .number((share.of(sum, max(1, end - start)) * 1e4).rounded() / 1e4))
                ])
        }
    }
}
