import SidetoneJSON

/// SWML `stream`: streams media to a secure WebSocket in the background. Its texts may contain ``SWMLPlaceholders``.
public struct SWMLStream: Sendable, Hashable {
    /// In SWML's terms: the inbound track, the outbound track, or both.
    public enum Track: String, Sendable, Hashable, CaseIterable {
        case inbound = "inbound_track"
        case outbound = "outbound_track"
        case both = "both_tracks"

        public var tracks: StreamTracks {
            switch self {
            case .inbound: .inbound
            case .outbound: .outbound
            case .both: .both
            }
        }
    }

    public var url: String
    public var controlID: String?
    public var name: String?
    /// Default: `inbound_track`.
    public var track: Track?
    /// Free text; PCMU, PCMA and OPUS are documented.
    public var codec: String?
    public var statusURL: String?
    /// Default: POST.
    public var statusURLMethod: WebMethod?
    public var authorizationBearerToken: Secret?
    public var customParameters: [String: String]?

    public init(url: String, controlID: String? = nil, track: Track? = nil) {
        self.url = url
        self.controlID = controlID
        self.track = track
    }

    init?(_ fields: inout FieldReader) {
        let url = fields.text("url", need: .required, rule: TextRule.webSocketURL.orPlaceholders)
        controlID = fields.text("control_id", need: .optional, rule: .notEmpty)
        name = fields.text("name")
        track = fields.word("track", of: Track.self)
        codec = fields.text("codec", need: .optional, rule: .notEmpty)
        statusURL = fields.text("status_url", need: .optional, rule: TextRule.webURL.orPlaceholders)
        statusURLMethod = fields.word("status_url_method", of: WebMethod.self)
        authorizationBearerToken = fields.text(
            "authorization_bearer_token", need: .optional, rule: Self.token.orPlaceholders
        ).map {
            Secret($0)
        }
        customParameters = fields.texts("custom_parameters")
        guard let url else { return nil }
        self.url = url
    }

    var parameters: [JSONMember] {
        let custom = customParameters.map { texts in
            JSONValue.object(JSONObject(texts.sorted { $0.key < $1.key }.map { JSONMember($0.key, .text($0.value)) }))
        }
        return members([
            "url": .text(url), "control_id": controlID.map { .text($0) }, "name": name.map { .text($0) },
            "track": track.map { .text($0.rawValue) }, "codec": codec.map { .text($0) },
            "status_url": statusURL.map { .text($0) },
            "status_url_method": statusURLMethod.map { .text($0.rawValue) },
            "authorization_bearer_token": authorizationBearerToken.map { .text($0.value) },
            "custom_parameters": custom,
        ])
    }

    public var request: StreamRequest {
        StreamRequest(
            url: url, tracks: (track ?? .inbound).tracks, controlID: controlID, name: name, codec: codec,
            statusURL: statusURL, statusMethod: statusURLMethod ?? .post, bearerToken: authorizationBearerToken,
            customParameters: customParameters ?? [:])
    }

    /// It is sent in a header: visible ASCII only, so that it cannot end the line.
    static let token = TextRule("a token of visible ASCII characters") { text in
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            ? nil : TextRule.Violation("is empty or contains other characters", "remove spaces and line breaks")
    }
}
