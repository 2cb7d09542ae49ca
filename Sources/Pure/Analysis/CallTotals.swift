public import SidetoneModel

/// The totals of a call so far, for its summary and for live display.
///
/// Memory use is constant: medians and percentiles are computed from histograms, accurate to ±5 ms for latencies (from
/// −5 to 20 s) and to ±0.4 % for F0.
public struct CallTotals: Sendable, Equatable {
    /// The distribution of a value.
    public struct Spread: Sendable, Equatable {
        public var count = 0
        public var median: Double?
        public var p90: Double?
    }

    /// The totals of one side.
    public struct Side: Sendable, Equatable {
        /// Seconds within talk spurts.
        public var speechSeconds = 0.0
        public var talkSpurts = 0
        /// ITU-T P.56 over the talk spurts, in dBFS (= dBov); nil before any speech.
        public var activeLevelDBFS: Double?
        /// Of voiced rows in talk spurts; nil if F0 is not measured.
        public var f0MedianHz: Double?
        /// From the 5th to the 95th percentile.
        public var f0LowHz: Double?
        public var f0HighHz: Double?
        /// Syllable nuclei per second of speech, counted by the peaks of the level.
        public var syllablesPerSecond: Double?
        /// This side's share of all speech, 0…1; both shares add up to 1. Nil before any speech.
        public var talkShare: Double?
        /// Its speech over the call's duration, 0…1.
        public var talkRatioOfCall: Double?
        /// The number of times it interrupted the other side.
        public var interruptions = 0
        public var backchannels = 0
        /// Its response latencies, in seconds; negative where it started before the other's end.
        public var responseLatency = Spread()
        /// Its longest turn, in seconds.
        public var longestMonologueSeconds = 0.0
        /// The number and total duration in seconds of gaps in its media reported by the receiver.
        public var gaps = 0
        public var gapSeconds = 0.0
    }

    /// The duration from the first step of the call clock to the last, in seconds.
    public var seconds = 0.0
    public var inbound = Side()
    public var outbound = Side()
    /// Seconds in which both sides speak, and the number of `overtalk` signals.
    public var overtalkSeconds = 0.0
    public var overtalks = 0
    /// Seconds in which nobody speaks and there is no other sound.
    public var silenceSeconds = 0.0

    public subscript(role: TrackRole) -> Side {
        get { role == .inbound ? inbound : outbound }
        set { if role == .inbound { inbound = newValue } else { outbound = newValue } }
    }
}
