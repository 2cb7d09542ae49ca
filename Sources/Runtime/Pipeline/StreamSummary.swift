package import SidetoneAnalysis
package import SidetoneModel
package import SidetoneTracks

/// The result of an ended stream.
package struct StreamSummary: Sendable {
    package struct Track: Sendable {
        package var role: TrackRole
        package var sampleRate: Int
        /// The track's duration on the call clock.
        package var samples: Int64
        package var rows: Int64
        package var counters: TrackCounters

        package init(role: TrackRole, sampleRate: Int, samples: Int64, rows: Int64, counters: TrackCounters) {
            self.role = role
            self.sampleRate = sampleRate
            self.samples = samples
            self.rows = rows
            self.counters = counters
        }
    }

    package var reason: EndReason
    package var tracks: [Track]
    /// Messages that could not be read, and packets that were refused.
    package var refusedMessages: Int
    /// What was odd or could not be read, in sentences; a bounded number of them.
    package var remarks: [String]
    /// The totals that the call signals kept; nil where no signals are made.
    package var totals: CallTotals?
    /// When the stream ended, in seconds on the clock of message arrivals; nil if messages have no arrival times.
    package var endedAt: Double?

    package init(
        reason: EndReason, tracks: [Track], refusedMessages: Int, remarks: [String] = [], totals: CallTotals?,
        endedAt: Double? = nil
    ) {
        self.remarks = remarks
        self.endedAt = endedAt
        self.reason = reason
        self.tracks = tracks
        self.refusedMessages = refusedMessages
        self.totals = totals
    }

    /// Seconds on the call clock: the duration of the longer track.
    package var seconds: Double {
        tracks.map { Double($0.samples) / Double($0.sampleRate) }.max() ?? 0
    }
}
