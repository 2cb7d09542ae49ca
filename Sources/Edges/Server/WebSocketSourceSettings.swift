import SidetoneDialects
public import SidetoneModel
public import SidetonePipeline

/// Where a pipeline listens for streams: the `websocket` source of a pipeline file.
public struct WebSocketSourceSettings: ListenerSettings {
    public static let name = "websocket"
    public static let plainScheme = "ws"

    public var listen = "127.0.0.1:8443"
    public var path = "/media"
    public var dialect = "auto"
    public var minivoiceProfile = "twilio_json"
    public var l16ByteOrder = "little"
    public var certificate = ""
    public var key = ""
    public var plain = false
    public var bearerTokenFile = ""
    public var callTokens = "none"
    public var callTokenKeyFile = ""
    public var callTokenLifetimeS = 300
    public var callTokenUses = 1
    public var maxStreams = 1_000
    public var maxConnectionsPerAddress = 1_000
    public var maxConnectionsBeforeUpgrade = 1_000
    public var maxMessageKB = 256
    public var handshakeTimeoutS = 10
    public var firstMessageTimeoutS = 10
    public var idleTimeoutS = 300
    public var pingS = 20
    public var drainS = 10

    public init() {}

    public static let fields: [Setting<Self>] =
        [listenField] + streamFields + tlsFields + limitFields

    private static let streamFields: [Setting<Self>] = [
        Setting("path", \.path, "a path that begins with /", "The path of the WebSocket's address."),
        Setting(
            "dialect", \.dialect, oneOf: ["auto"] + DialectCatalog.all.map { $0.name },
            "The platform's wire language; auto finds it from the first messages and logs its guess."),
        Setting(
            "minivoice_profile", \.minivoiceProfile, oneOf: ["twilio_json"],
            "What MiniVoice is assumed to send: its wire format is not public."),
        Setting("l16_byte_order", \.l16ByteOrder, oneOf: ["little", "big"], "The byte order of L16 samples."),
    ]

    private static let limitFields: [Setting<Self>] = [
        Setting(
            "bearer_token_file", \.bearerTokenFile, "a file with one token a line",
            "The bearer tokens of which an upgrade must carry one."),
        Setting(
            "call_tokens", \.callTokens, oneOf: ["none", "same_call", "any_call"],
            "Accepts the tokens that the answer_url of the webhooks source issues for each call, as bearer token or as the "
                + "last component of the path. same_call also requires that the stream's call has the id that asked "
                + "the answer_url; any_call does not, for platforms whose streams have other ids."),
        Setting(
            "call_token_key_file", \.callTokenKeyFile, "a file with one key per line, at least 32 characters each",
            "Verifies the tokens of an answer_url in another process, which has the same file."),
        Setting(
            "call_token_lifetime_s", \.callTokenLifetimeS, in: 10...86_400,
            "The longest lifetime of a call token, in seconds; as in the webhooks source."),
        Setting(
            "call_token_uses", \.callTokenUses, in: 1...8,
            "How many streams one call token admits: more than 1 where a platform opens a socket for each track."),
        Setting("max_streams", \.maxStreams, in: 1...100_000, "Streams at once; a further one is answered 503."),
        Setting(
            "max_connections_per_address", \.maxConnectionsPerAddress, in: 1...100_000,
            "Connections of one address; a further one is closed at once. A platform may send all calls from one."),
        Setting(
            "max_connections_before_upgrade", \.maxConnectionsBeforeUpgrade, in: 1...100_000,
            "Connections that have not asked for the upgrade yet; a further one is closed at once."),
        Setting("max_message_kb", \.maxMessageKB, in: 1...16_384, "The largest message, in kibibytes."),
        Setting(
            "handshake_timeout_s", \.handshakeTimeoutS, in: 1...300, "From the connection to the upgrade, in seconds."),
        Setting(
            "first_message_timeout_s", \.firstMessageTimeoutS, in: 1...300,
            "From the upgrade to the first message, in seconds."),
        Setting(
            "idle_timeout_s", \.idleTimeoutS, in: 1...86_400,
            "Seconds without a message after which the peer must answer a ping; a silent stream that does stays open."),
        Setting("ping_s", \.pingS, in: 1...3_600, "Between pings; each must be answered before the next, in seconds."),
        Setting("drain_s", \.drainS, in: 0...3_600, "How long streams may go on after SIGTERM, in seconds."),
    ]

    /// What no single setting shows: problems between them.
    public func problems() -> [(setting: String, problem: String)] {
        let path = Self.problem(ofPath: path, example: "/media").map { [(setting: "path", problem: $0)] } ?? []
        return listenerProblems + path
    }
}
