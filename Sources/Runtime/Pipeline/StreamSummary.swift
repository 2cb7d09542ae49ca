public import SidetoneAnalysis
public import SidetoneModel
public import SidetoneTracks

/// What is known of a stream when it is over.
public struct StreamSummary: Sendable {
    public struct Track: Sendable {
        public var role: TrackRole
        public var sampleRate: Int
        /// The track's span on the call clock.
        public var samples: Int64
        public var rows: Int64
        public var counters: TrackCounters

        public init(role: TrackRole, sampleRate: Int, samples: Int64, rows: Int64, counters: TrackCounters) {
            self.role = role
            self.sampleRate = sampleRate
            self.samples = samples
            self.rows = rows
            self.counters = counters
        }
    }

    public var reason: EndReason
    public var tracks: [Track]
    /// Messages that could not be read, and packets that had no place.
    public var refusedMessages: Int
    /// The totals that the call signals kept; nil where no signals are made.
    public var totals: CallTotals?
    /// When the stream ended, in seconds on the clock of its messages' arrivals; nil where messages have no arrivals.
    public var endedAt: Double?

    public init(
        reason: EndReason, tracks: [Track], refusedMessages: Int, totals: CallTotals?, endedAt: Double? = nil
    ) {
        self.endedAt = endedAt
        self.reason = reason
        self.tracks = tracks
        self.refusedMessages = refusedMessages
        self.totals = totals
    }

    /// Seconds on the call clock: the longer track's span.
    public var seconds: Double {
        tracks.map { Double($0.samples) / Double($0.sampleRate) }.max() ?? 0
    }
}
