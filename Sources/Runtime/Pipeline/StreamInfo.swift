package import SidetoneModel

/// One stream, as everything behind its start knows it. Made once, shared by all that leaves the stream.
package final class StreamInfo: Sendable {
    /// What the platform said, or what was made up for a file.
    package let start: StreamStart
    /// The dialect that was spoken, or `file`.
    package let dialect: String
    /// Wall-clock time of the call clock's zero, seconds since 1970: a label, never a measure.
    package let startedAt: Double
    /// Monotonic time of the call clock's zero, in seconds: for durations.
    package let startedUptime: Double
    /// Counts the streams of one socket or input, from 1.
    package let segment: Int
    /// The folders below a sink's directory, outermost first: the call, the stream; or the input's name.
    package let folder: [String]
    /// Whether a folder of that name from an earlier run is replaced; otherwise a number is added.
    package let replacesFolder: Bool
    /// What sinks have lost of it.
    package let losses = StreamLosses()
    /// Lives as long as this does.
    package let life = StreamLife()

    package init(
        start: StreamStart, dialect: String, startedAt: Double, startedUptime: Double? = nil,
        segment: Int = 1, folder: [String], replacesFolder: Bool
    ) {
        self.startedUptime = startedUptime ?? startedAt
        self.segment = segment
        self.start = start
        self.dialect = dialect
        self.startedAt = startedAt
        self.folder = folder
        self.replacesFolder = replacesFolder
    }
}

/// For who keeps something by a stream without keeping the stream: an object that is referred to weakly is retained and
/// released several times more slowly from then on, and every message retains the stream's info.
package final class StreamLife: Sendable {}

/// How one track of a stream is laid out.
package struct TrackInfo: Sendable {
    package let role: TrackRole
    package let grid: FrameGrid
    /// The columns of its rows.
    package let columns: [Column]

    package init(role: TrackRole, grid: FrameGrid, columns: [Column]) {
        self.role = role
        self.grid = grid
        self.columns = columns
    }
}

/// One message as it was received.
package struct CapturedMessage: Sendable {
    package let message: WireMessage
    /// Seconds since the stream's socket opened, by the monotonic clock.
    package let arrival: Double

    package init(message: WireMessage, arrival: Double) {
        self.message = message
        self.arrival = arrival
    }
}

/// What leaves a stream.
package enum StreamOutput: Sendable {
    case opened
    /// A track opened, with its first packet or as silence beside the other one: its samples and rows follow.
    case track(TrackInfo)
    case samples(SampleBlock)
    case rows(RowBlock)
    /// A tenth of a second of a track at a glance, as soon as it is known.
    case step(OverviewSample)
    case signal(Signal)
    case message(CapturedMessage)
    /// How a track's packets fare, once a second.
    case health(TrackHealth)
    /// Nothing follows.
    case ended(StreamSummary)
}
