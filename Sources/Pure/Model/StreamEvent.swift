/// What a platform's message means, whatever its dialect.
public enum StreamEvent: Sendable, Hashable {
    /// The platform's greeting, before it says which call this is.
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
    /// What must be sent back at once.
    case reply(WireMessage)
    /// Something odd of a message that was read anyway: a sentence for the call's log. Bounded in number by the dialect.
    case remark(String)
}

/// What a platform says of a stream when it begins.
public struct StreamStart: Sendable, Hashable {
    public var streamID: String
    public var callID: String
    public var accountID: String?
    /// The tracks that were announced; media of another track is accepted all the same.
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

/// One media message's payload with its place in the stream.
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

/// A digit that the platform detected and told; Sidetone's own detection is a signal.
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
