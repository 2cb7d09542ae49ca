public import SidetoneJSON

/// `stop_stream`: ends the matching streams; without a match, it has no effect.
public struct StopStreamAction: Action {
    public static let name = "stop_stream"
    public static let summary = "Ends the media streams that match the given URL and track."

    public var streamURL: String?
    public var track: StreamTracks?

    public init(streamURL: String? = nil, track: StreamTracks? = nil) {
        self.streamURL = streamURL
        self.track = track
    }

    public init?(_ fields: inout FieldReader) {
        streamURL = fields.text("stream_url", need: .optional, rule: .webSocketURL)
        track = fields.word("track", of: StreamTracks.self)
    }

    public var parameters: [JSONMember] {
        members(["stream_url": streamURL.map { .text($0) }, "track": track.map { .text($0.rawValue) }])
    }

    public var instruction: CallInstruction { .stopStream(.matching(url: streamURL, tracks: track)) }
}
