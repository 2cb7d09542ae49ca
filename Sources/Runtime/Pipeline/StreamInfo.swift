package import SidetoneModel

/// Describes a started stream. Created once and shared by all of its outputs.
package final class StreamInfo: Sendable {
    /// The start announced by the platform, or generated for a file.
    package let start: StreamStart
    /// The dialect, or `file`.
    package let dialect: String
    /// Wall-clock time of the call clock's zero, seconds since 1970: a label, never used to measure.
    package let startedAt: Double
    /// Monotonic time of the call clock's zero, in seconds: for durations.
    package let startedUptime: Double
    /// The number of the stream on its socket or in its input, from 1.
    package let segment: Int
    /// The folder path relative to a sink's directory, outermost first: the call, the stream; or the input's name.
    package let folder: [String]
    /// Whether an existing folder of that name is replaced; otherwise a number is appended.
    package let replacesFolder: Bool
    /// The losses of its sinks.
    package let losses = StreamLosses()
    /// Has the same lifetime as this object.
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

/// A key for data kept per stream without keeping the stream alive. Weak references to the stream's info itself would
/// slow down retaining and releasing it, which happens for every message.
package final class StreamLife: Sendable {}

/// The layout of one track of a stream.
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

/// An output of a stream.
package enum StreamOutput: Sendable {
    case opened
    /// A track opened, with its first packet or as silence beside the other one: its samples and rows follow.
    case track(TrackInfo)
    case samples(SampleBlock)
    case rows(RowBlock)
    /// A tenth of a second of a track's overview, as soon as it is known.
    case step(OverviewSample)
    case signal(Signal)
    case message(CapturedMessage)
    /// The status of a track's packets, once per second.
    case health(TrackHealth)
    /// Nothing follows.
    case ended(StreamSummary)
}
