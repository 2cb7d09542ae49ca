/// A platform message, independent of its dialect.
public enum StreamEvent: Sendable, Hashable {
    /// The platform's greeting, before it identifies the call.
    case connected
    case start(StreamStart)
    case media(MediaPacket)
    case dtmf(WireDigit)
    case mark(name: String)
    /// The platform sends no media for now, and says so.
    case paused
    /// The platform sends media again.
    case resumed
    /// The platform left out audio of this duration; the position of what follows counts it.
    case discarded(Duration)
    /// The platform says that the stream is over.
    case stop
    /// A message to send back immediately.
    case reply(WireMessage)
    /// An irregularity in a message that was read anyway, as a sentence for the call's log. The dialect limits their
    /// number.
    case remark(String)
}

/// The parameters that a platform announces at the start of a stream.
public struct StreamStart: Sendable, Hashable {
    public var streamID: String
    public var callID: String
    public var accountID: String?
    /// The announced tracks; media of other tracks is accepted anyway.
    public var tracks: [TrackRole]
    public var format: MediaFormat
    public var customParameters: [String: String]

    public init(
        streamID: String, callID: String, accountID: String? = nil, tracks: [TrackRole], format: MediaFormat,
        customParameters: [String: String] = [:]
    ) {
        self.streamID = streamID
        self.callID = callID
        self.accountID = accountID
        self.tracks = tracks
        self.format = format
        self.customParameters = customParameters
    }
}

/// The payload of one media message with its position in the stream.
public struct MediaPacket: Sendable, Hashable {
    public var track: TrackRole
    /// Counts the messages of the socket, from 1; nil where the dialect has none.
    public var sequence: Int64?
    /// Counts media messages, per track where the platform does so; nil where the dialect has none.
    public var chunk: Int64?
    /// Presentation time of the first sample in milliseconds since the stream's start; nil where the dialect has none.
    public var timestampMs: Int64?
    /// The encoded samples. Shares the reader's storage: keeping it costs a copy at the reader's next message.
    public var payload: [UInt8]

    public init(track: TrackRole, sequence: Int64?, chunk: Int64?, timestampMs: Int64?, payload: [UInt8]) {
        self.track = track
        self.sequence = sequence
        self.chunk = chunk
        self.timestampMs = timestampMs
        self.payload = payload
    }
}

/// A digit detected and reported by the platform; Sidetone's own detection is a signal.
public struct WireDigit: Sendable, Hashable {
    public var digit: Character
    public var track: TrackRole?
    public var durationMs: Int?

    public init(digit: Character, track: TrackRole? = nil, durationMs: Int? = nil) {
        self.digit = digit
        self.track = track
        self.durationMs = durationMs
    }
}
