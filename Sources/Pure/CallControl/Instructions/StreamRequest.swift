/// A request to start a media stream.
public struct StreamRequest: Sendable, Hashable {
    /// Begins with `wss://`.
    public var url: String
    public var tracks: StreamTracks
    /// The ID for `stop_stream`; nil to generate one.
    public var controlID: String?
    /// Echoed in status events.
    public var name: String?
    /// In the platform's spelling; nil for the platform's default.
    public var codec: String?
    /// The URL for status events; nil for none.
    public var statusURL: String?
    public var statusMethod: WebMethod
    /// Sent as `Authorization: Bearer …` on the upgrade.
    public var bearerToken: Secret?
    /// Delivered in the stream's start message.
    public var customParameters: [String: String]

    public init(
        url: String, tracks: StreamTracks, controlID: String? = nil, name: String? = nil, codec: String? = nil,
        statusURL: String? = nil, statusMethod: WebMethod = .post, bearerToken: Secret? = nil,
        customParameters: [String: String] = [:]
    ) {
        self.url = url
        self.tracks = tracks
        self.controlID = controlID
        self.name = name
        self.codec = codec
        self.statusURL = statusURL
        self.statusMethod = statusMethod
        self.bearerToken = bearerToken
        self.customParameters = customParameters
    }
}
