public import SidetoneModel

/// The totals of a call so far: for its summary, and live.
///
/// Memory does not grow with the call: medians and percentiles come from counts in bins, exact to ±5 ms for latencies
/// (from −5 to 20 s) and to ±0.4 % for F0.
public struct CallTotals: Sendable, Equatable {
    /// How a number is spread.
    public struct Spread: Sendable, Equatable {
        public var count = 0
        public var median: Double?
        public var p90: Double?
    }

    /// What is known of one side.
    public struct Side: Sendable, Equatable {
        /// Seconds within talk spurts.
        public var speechSeconds = 0.0
        public var talkSpurts = 0
        /// ITU-T P.56 over the talk spurts, in dBFS (= dBov); nil before any speech.
        public var activeLevelDBFS: Double?
        /// Of voiced rows in talk spurts; nil where F0 is not measured.
        public var f0MedianHz: Double?
        /// From the 5th to the 95th percentile.
        public var f0LowHz: Double?
        public var f0HighHz: Double?
        /// Syllable nuclei a second of speech, by the level's peaks.
        public var syllablesPerSecond: Double?
        /// This side's share of all speech, 0…1; both shares add up to 1. Nil before any speech.
        public var talkShare: Double?
        /// Its speech over the call's duration, 0…1.
        public var talkRatioOfCall: Double?
        /// How often it interrupted the other.
        public var interruptions = 0
        public var backchannels = 0
        /// How long it let the other wait for an answer, in seconds; negative where it began before the other's end.
        public var responseLatency = Spread()
        /// Its longest turn, in seconds.
        public var longestMonologueSeconds = 0.0
        /// Gaps in its media that the receiver reported, and their seconds.
        public var gaps = 0
        public var gapSeconds = 0.0
    }

    /// From the first step of the call clock to the last, in seconds.
    public var seconds = 0.0
    public var inbound = Side()
    public var outbound = Side()
    /// Seconds in which both sides speak, and how often `overtalk` was told.
    public var overtalkSeconds = 0.0
    public var overtalks = 0
    /// Seconds in which nobody speaks and nothing else sounds.
    public var silenceSeconds = 0.0

    public subscript(role: TrackRole) -> Side {
        get { role == .inbound ? inbound : outbound }
        set { if role == .inbound { inbound = newValue } else { outbound = newValue } }
    }
}
