public import SidetoneJSON

/// `start_stream`: streams media to a secure WebSocket while the call continues.
public struct StartStreamAction: Action {
    public static let name = "start_stream"
    public static let summary = "Streams the call's media to a secure WebSocket while the call continues."

    /// The default of `track`. Assumed: it is not documented; related platforms stream the inbound track.
    public static let assumedTracks = StreamTracks.inbound

    public var streamURL: String
    public var track: StreamTracks?

    public init(streamURL: String, track: StreamTracks? = nil) {
        self.streamURL = streamURL
        self.track = track
    }

    public init?(_ fields: inout FieldReader) {
        let streamURL = fields.text("stream_url", need: .required, rule: .webSocketURL)
        track = fields.word("track", of: StreamTracks.self)
        guard let streamURL else { return nil }
        self.streamURL = streamURL
    }

    public var parameters: [JSONMember] {
        members(["stream_url": .text(streamURL), "track": track.map { .text($0.rawValue) }])
    }

    public var instruction: CallInstruction {
        .startStream(StreamRequest(url: streamURL, tracks: track ?? Self.assumedTracks))
    }
}
