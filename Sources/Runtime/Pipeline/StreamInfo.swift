public import SidetoneModel

/// One stream, as everything behind its start knows it. Made once, shared by all that leaves the stream.
public final class StreamInfo: Sendable {
    /// What the platform said, or what was made up for a file.
    public let start: StreamStart
    /// The dialect that was spoken, or `file`.
    public let dialect: String
    /// Wall-clock time of the call clock's zero, seconds since 1970: a label, never a measure.
    public let startedAt: Double
    /// Monotonic time of the call clock's zero, in seconds: for durations.
    public let startedUptime: Double
    /// Counts the streams of one socket or input, from 1.
    public let segment: Int
    /// The folders below a sink's directory, outermost first: the call, the stream; or the input's name.
    public let folder: [String]
    /// Whether a folder of that name from an earlier run is replaced; otherwise a number is added.
    public let replacesFolder: Bool
    /// What sinks have lost of it.
    public let losses = StreamLosses()
    /// Lives as long as this does.
    package let life = StreamLife()

    public init(
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
public struct TrackInfo: Sendable {
    public let role: TrackRole
    public let grid: FrameGrid
    /// The columns of its rows.
    public let columns: [Column]

    public init(role: TrackRole, grid: FrameGrid, columns: [Column]) {
        self.role = role
        self.grid = grid
        self.columns = columns
    }
}

/// How a stream ended. Every way ends it alike; this only says which it was.
public enum EndReason: String, Sendable {
    /// The platform said `stop`, or the file is over.
    case stop
    /// The socket was closed without a `stop`.
    case closed
    /// The connection broke.
    case reset
    /// Nothing came for too long, or a ping was not answered.
    case timeout
    /// The server was told to stop.
    case shutdown
    /// The platform sent another `start` on the same socket: the next segment of the call follows.
    case restarted
    /// The peer broke the protocol.
    case violation
}

/// One message as it was received.
public struct CapturedMessage: Sendable {
    public let message: WireMessage
    /// Seconds since the stream's socket opened, by the monotonic clock.
    public let arrival: Double

    public init(message: WireMessage, arrival: Double) {
        self.message = message
        self.arrival = arrival
    }
}

/// What leaves a stream.
public enum StreamOutput: Sendable {
    case opened
    /// A track opened, with its first packet or as silence beside the other one: its samples and rows follow.
    case track(TrackInfo)
    case samples(SampleBlock)
    case rows(RowBlock)
    /// A tenth of a second of a track at a glance, as soon as it is known.
    case step(TrackStep)
    case signal(Signal)
    case message(CapturedMessage)
    /// How a track's packets fare, once a second.
    case health(TrackHealth)
    /// Nothing follows.
    case ended(StreamSummary)
}
