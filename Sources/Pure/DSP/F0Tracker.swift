#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Chooses one candidate a row, or none, so that F0 runs on smoothly: a Viterbi search with a fixed delay.
///
/// Each row adds its candidate's merit, or a constant where it is unvoiced; each step from row to row costs what F0
/// moves, in octaves, or a constant where voicing begins or ends. The best path up to the newest row decides the row
/// `delay` before it.
///
/// - Note: Sources: D. Talkin, "A robust algorithm for pitch tracking (RAPT)", in Kleijn & Paliwal (eds.), Speech Coding
///   and Synthesis, Elsevier 1995, and P. Boersma, Proc. Inst. Phonetic Sciences Amsterdam 17 (1993), for voicing as
///   one more state and for the kinds of cost; G. D. Forney, "The Viterbi algorithm", Proc. IEEE 61 (1973), for the
///   decision at a fixed delay.
public struct F0Tracker: Sendable {
    /// What one row reads.
    public struct Decision: Sendable, Hashable {
        /// In Hz; nil where unvoiced.
        public var hz: Float?
        /// The strength of the candidate chosen, or where unvoiced of the likeliest, 0…1.
        public var strength: Float

        public init(hz: Float?, strength: Float) {
            self.hz = hz
            self.strength = strength
        }
    }

    /// What an unvoiced row counts for; the likeliest candidate of noise reaches 0.21 on average.
    static let unvoiced: Float = 0.3
    /// What a step of one octave costs.
    static let octaveJump: Float = 1
    /// What it costs to begin or to end voicing.
    static let turn: Float = 0.15

    /// How many rows a decision waits.
    public let delay: Int
    private let weight: Float
    /// States a row: its candidates, and last the unvoiced one.
    private let states = F0Estimator.capacity + 1
    private var unvoicedState: Int { states - 1 }
    /// How many rows are kept: those not yet decided, and the one before.
    private let depth: Int
    /// Shape `[depth, states]`: each row's candidates, their log₂ Hz, and the state of the row before on the best path.
    private var candidates: [F0Candidate]
    private var octaves: [Float]
    private var origins: [Int]
    /// Shape `[depth]`: how many candidates a row has.
    private var counts: [Int]
    /// Shape `[states]`: what the best path to each state of the newest row is worth, and the same for the row to come.
    private var worth: [Float]
    private var nextWorth: [Float]
    /// The newest row's state on the best path.
    private var bestState = F0Estimator.capacity
    private var rows: Int64 = 0
    private var drained: Int64 = 0

    /// - Parameters:
    ///   - delay: rows from the one decided to the newest, at least 0.
    ///   - rowMs: milliseconds from row to row; the costs are meant for 10, so merits are weighed by `rowMs / 10`.
    public init(delay: Int, rowMs: Double) {
        precondition(delay >= 0 && rowMs > 0, "a delay is 0 or more, a row lasts")
        self.delay = delay
        weight = Float(rowMs / 10)
        depth = delay + 2
        candidates = Array(repeating: F0Candidate(hz: 1, strength: 0, merit: 0), count: depth * states)
        octaves = Array(repeating: 0, count: depth * states)
        origins = Array(repeating: 0, count: depth * states)
        counts = Array(repeating: 0, count: depth)
        worth = Array(repeating: -.infinity, count: states)
        nextWorth = worth
        worth[unvoicedState] = 0
    }

    /// Takes the candidates of the next row; decides the row `delay` before it, if there is one.
    ///
    /// - Parameters:
    ///   - found: the likeliest first; those past `F0Estimator.capacity` are left out.
    ///   - count: how many of them are meant.
    /// - Complexity: O(candidates²); allocates nothing.
    public mutating func process(_ found: [F0Candidate], count: Int) -> Decision? {
        let slot = Int(rows % Int64(depth))
        let first = slot * states
        let count = min(count, unvoicedState)
        for state in 0..<count {
            candidates[first + state] = found[state]
            octaves[first + state] = log2f(found[state].hz)
        }
        counts[slot] = count
        // A track begins unvoiced, at no cost to turn.
        let turn = rows == 0 ? 0 : Self.turn
        let before = Int((rows + Int64(depth) - 1) % Int64(depth))
        for state in 0..<count { step(to: state, first, from: before, turn: turn) }
        step(toUnvoiced: first, from: before, turn: turn)
        for state in count..<unvoicedState { nextWorth[state] = -.infinity }
        settle()
        rows += 1
        return decision(at: rows - 1 - Int64(delay))
    }

    /// After the last row: decides the next of the `delay` rows still owed, if there is one.
    public mutating func drain() -> Decision? {
        drained += 1
        return decision(at: rows - 1 - Int64(delay) + drained)
    }

    /// Extends the best path to a candidate.
    private mutating func step(to state: Int, _ first: Int, from before: Int, turn: Float) {
        let octave = octaves[first + state]
        var best = worth[unvoicedState] - turn
        var origin = unvoicedState
        for previous in 0..<counts[before] {
            let value = worth[previous] - Self.octaveJump * abs(octave - octaves[before * states + previous])
            if value > best {
                best = value
                origin = previous
            }
        }
        nextWorth[state] = best + weight * candidates[first + state].merit
        origins[first + state] = origin
    }

    /// Extends the best path to the unvoiced state.
    private mutating func step(toUnvoiced first: Int, from before: Int, turn: Float) {
        var best = worth[unvoicedState]
        var origin = unvoicedState
        for previous in 0..<counts[before] where worth[previous] - turn > best {
            best = worth[previous] - turn
            origin = previous
        }
        nextWorth[unvoicedState] = best + weight * Self.unvoiced
        origins[first + unvoicedState] = origin
    }

    /// The row is taken: its worths count from the best one, so that they stay small however long the track is.
    private mutating func settle() {
        var best = unvoicedState
        for state in 0..<unvoicedState where nextWorth[state] > nextWorth[best] { best = state }
        let most = nextWorth[best]
        for state in 0..<states { worth[state] = nextWorth[state] - most }
        bestState = best
    }

    /// Follows the best path back to a row.
    private func decision(at row: Int64) -> Decision? {
        guard row >= 0 else { return nil }
        var state = bestState
        var current = rows - 1
        while current > row {
            state = origins[Int(current % Int64(depth)) * states + state]
            current -= 1
        }
        let slot = Int(row % Int64(depth))
        guard state == unvoicedState else {
            let chosen = candidates[slot * states + state]
            return Decision(hz: chosen.hz, strength: chosen.strength)
        }
        return Decision(hz: nil, strength: counts[slot] > 0 ? candidates[slot * states].strength : 0)
    }
}
