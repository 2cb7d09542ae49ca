#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Chooses one candidate per row, or none, so that F0 is continuous: a Viterbi search with a fixed delay.
///
/// Each row adds its candidate's merit, or a constant where it is unvoiced; each transition costs the change of F0 in
/// octaves, or a constant where voicing starts or ends. The best path up to the newest row decides the row `delay`
/// before it.
///
/// - Note: Sources: D. Talkin, "A robust algorithm for pitch tracking (RAPT)", in Kleijn & Paliwal (eds.), Speech
///   Coding and Synthesis, Elsevier 1995, and P. Boersma, Proc. Inst. Phonetic Sciences Amsterdam 17 (1993), for
///   voicing as one more state and for the kinds of cost; G. D. Forney, "The Viterbi algorithm", Proc. IEEE 61 (1973),
///   for the decision at a fixed delay.
public struct F0Tracker: Sendable {
    /// The result for one row.
    public struct Decision: Sendable, Hashable {
        /// In Hz; nil where unvoiced.
        public var hz: Float?
        /// The strength of the chosen candidate, or of the likeliest one where unvoiced, 0…1.
        public var strength: Float

        public init(hz: Float?, strength: Float) {
            self.hz = hz
            self.strength = strength
        }
    }

    /// The merit of an unvoiced row; the likeliest candidate of noise reaches 0.21 on average.
    static let unvoiced: Float = 0.3
    /// The cost of a step of one octave.
    static let octaveJump: Float = 1
    /// The cost of starting or ending voicing.
    static let turn: Float = 0.15

    /// The delay of a decision in rows.
    public let delay: Int
    private let weight: Float
    /// States per row: its candidates and, last, the unvoiced state.
    private let states = F0Estimator.capacity + 1
    private var unvoicedState: Int { states - 1 }
    /// The number of rows kept: the undecided ones and the one before.
    private let depth: Int
    /// Shape `[depth, states]`: each row's candidates, their log₂ Hz, and the state of the row before on the best path.
    private var candidates: [F0Candidate]
    private var octaves: [Float]
    private var origins: [Int]
    /// Shape `[depth]`: the number of candidates per row.
    private var counts: [Int]
    /// Shape `[states]`: the score of the best path to each state of the newest row, and of the row being added.
    private var worth: [Float]
    private var nextWorth: [Float]
    /// The newest row's state on the best path.
    private var bestState = F0Estimator.capacity
    private var rows: Int64 = 0
    private var drained: Int64 = 0

    /// - Parameters:
    ///   - delay: rows between the decided and the newest row, at least 0.
    ///   - rowMs: milliseconds per row; the costs are tuned for 10, so merits are scaled by `rowMs / 10`.
    public init(delay: Int, rowMs: Double) {
        precondition(delay >= 0 && rowMs > 0, "the delay must not be negative, and the row duration must be positive")
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

    /// Processes the candidates of the next row and decides the row `delay` before it, if there is one.
    ///
    /// - Parameters:
    ///   - found: the likeliest first; those beyond `F0Estimator.capacity` are ignored.
    ///   - count: the number of valid ones.
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
        // A track starts unvoiced, without a cost for the transition.
        let turn = rows == 0 ? 0 : Self.turn
        let before = Int((rows + Int64(depth) - 1) % Int64(depth))
        for state in 0..<count { step(to: state, first, from: before, turn: turn) }
        step(toUnvoiced: first, from: before, turn: turn)
        for state in count..<unvoicedState { nextWorth[state] = -.infinity }
        settle()
        rows += 1
        return decision(at: rows - 1 - Int64(delay))
    }

    /// After the last row: decides the next of the remaining `delay` rows, if there is one.
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

    /// Makes the row's scores relative to the best one, so that they stay small however long the track is.
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
