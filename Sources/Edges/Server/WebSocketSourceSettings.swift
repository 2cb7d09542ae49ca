import NIOCore
package import SidetoneModel
import SidetonePipeline
package import SidetonePlatforms
import SidetoneWebSocket

/// Settings of the `websocket` source, which receives streams.
package struct WebSocketSourceSettings: ListenerSettings {
    package static let name = "websocket"
    package static let plainScheme = "ws"

    package var listen = "127.0.0.1:8443"
    package var path = "/media"
    package var dialect = "auto"
    /// The dialects' own settings, by name of the dialect.
    package var dialectSettings: [String: DialectSettings] = [:]
    package var l16ByteOrder = "little"
    package var certificate = ""
    package var key = ""
    package var allowPlaintext = false
    package var bearerTokenFile = ""
    package var callTokens = "none"
    package var callTokenKeyFile = ""
    package var callTokenLifetimeS = 300
    package var callTokenUses = 1
    /// The files of tokens that sign upgrades, by name of the platform.
    package var upgradeTokenFiles: [String: String] = [:]
    package var publicURL = ""
    package var allowedHosts: [String] = []
    package var allowedOrigins: [String] = []
    package var trustedProxies: [String] = []
    package var maxStreams = 1_000
    /// 0: see `streamsPerAddress`.
    package var maxConnectionsPerAddress = 0
    package var maxConnectionsBeforeUpgrade = 1_000
    /// 0: a quarter of all.
    package var maxConnectionsBeforeUpgradePerAddress = 0
    /// 0: the lead is not limited.
    package var maxLeadS = 10.0
    package var maxMessagesPerS = 1_000
    package var maxEventsPerS = 100
    package var maxMessageKB = 256
    package var handshakeTimeoutS = 10
    package var firstMessageTimeoutS = 10
    package var idleTimeoutS = 300
    package var pingIntervalS = 20
    package var drainTimeoutS = 10

    package init() {}

    package static let fields: [Setting<Self>] =
        [listenField] + streamFields + dialectFields + tlsFields + accessFields + upgradeSignatureFields + limitFields

    private static let streamFields: [Setting<Self>] = [
        Setting("path", \.path, "a path that begins with /", "The path of the WebSocket URL."),
        Setting(
            "dialect", \.dialect, oneOf: ["auto"] + PlatformCatalog.all.map { $0.name },
            "The platform's wire language; auto finds it from the first messages and logs its guess."),
        Setting("l16_byte_order", \.l16ByteOrder, oneOf: ["little", "big"], "The byte order of L16 samples."),
    ]

    /// The settings that dialects declare, named for the dialect.
    private static let dialectFields = PlatformCatalog.all.flatMap { platform in
        platform.settings.map { setting -> Setting<Self> in
            let (name, path) = ("\(platform.name)_\(setting.name)", \Self.[platform.name, setting])
            guard let words = setting.words else {
                return Setting(name, path, "a text", setting.summary)
            }
            return Setting(name, path, oneOf: words, setting.summary)
        }
    }

    /// The value of a dialect's own setting.
    private subscript(dialect: String, setting: DialectSetting) -> String {
        get { (dialectSettings[dialect] ?? DialectSettings())[setting] }
        set { dialectSettings[dialect, default: DialectSettings()][setting] = newValue }
    }

    /// The files of tokens of platforms that sign their upgrades.
    private static let upgradeSignatureFields = PlatformCatalog.all.compactMap { platform -> Setting<Self>? in
        guard let signature = platform.upgradeSignature else { return nil }
        return Setting(
            "\(platform.name)_token_file", \Self.[tokensOf: platform.name], "a file with one token a line",
            "Auth tokens of \(platform.title); an upgrade signed with one (\(signature.header)) is admitted, a forged "
                + "signature refused.")
    }

    private subscript(tokensOf platform: String) -> String {
        get { upgradeTokenFiles[platform] ?? "" }
        set { upgradeTokenFiles[platform] = newValue }
    }

    /// The titles of the platforms that must have signed an upgrade.
    private var signingPlatforms: [String] {
        PlatformCatalog.all.filter { upgradeTokenFiles[$0.name] != nil }.map { $0.title }
    }

    private static let accessFields: [Setting<Self>] = [
        Setting(
            "bearer_token_file", \.bearerTokenFile, "a file with one token per line",
            "Bearer tokens, one of which an upgrade must carry; the file is reloaded when it changes."),
        Setting(
            "call_tokens", \.callTokens, oneOf: ["none", "same_call", "any_call"],
            "Accept the tokens that the answer_url of the webhooks source issues for each call, as bearer token or as the "
                + "last component of the path. same_call also requires that the stream's call has the id of the "
                + "answer_url request; any_call does not, for platforms whose streams have other ids."),
        Setting(
            "call_token_key_file", \.callTokenKeyFile, "a file with one key per line, at least 32 characters each",
            "Keys to verify tokens of an answer_url served by another process with the same file."),
        Setting(
            "call_token_lifetime_s", \.callTokenLifetimeS, in: 10...86_400,
            "Maximum lifetime of a call token, in seconds; as in the webhooks source."),
        Setting(
            "call_token_uses", \.callTokenUses, in: 1...8,
            "Streams that one call token admits; more than 1 if a platform opens one socket per track."),
        Setting(
            "public_url", \.publicURL, "a wss:// URL",
            "How platforms reach this listener; those that sign upgrades sign it. Without a path the request's path counts."
        ),
        Setting(
            textList: "allowed_hosts", \.allowedHosts, "a list of hosts such as [media.example.com, 192.0.2.7]",
            "Hosts under which the listener may be reached, whatever the port; an upgrade with another Host is answered 403. "
                + "Empty: any well-formed host.",
            isRight: WebSocketSourceSettings.isHost),
        Setting(
            textList: "allowed_origins", \.allowedOrigins, "a list of origins such as [https://app.example.com]",
            "Web pages that may open streams; upgrades with another Origin get 403.",
            isRight: WebSocketSourceSettings.isOrigin),
        Setting(
            textList: "trusted_proxies", \.trustedProxies, "a list of addresses such as [127.0.0.1, 10.0.0.0/8]",
            "Proxies whose X-Forwarded-For names the client; limits per address then apply to the client.",
            isRight: { AddressRange($0) != nil }),
    ]

    private static let limitFields: [Setting<Self>] = [
        Setting(
            "max_streams", \.maxStreams, in: 1...100_000, "Maximum concurrent streams; further upgrades get 503."),
        Setting(
            "max_connections_per_address", \.maxConnectionsPerAddress, in: 0...100_000,
            "Maximum concurrent streams of one address (IPv6: of one /64); further upgrades get 503. 0: max_streams if "
                + "upgrades carry credentials, behind trusted_proxies and on loopback, otherwise half of it."),
        Setting(
            "max_connections_before_upgrade", \.maxConnectionsBeforeUpgrade, in: 1...100_000,
            "Maximum connections before their upgrade; further ones get 503."),
        Setting(
            "max_connections_before_upgrade_per_address", \.maxConnectionsBeforeUpgradePerAddress, in: 0...100_000,
            "The same per address; 0: a quarter of the total."),
        Setting(
            "max_lead_s", \.maxLeadS, in: 0...3_600,
            "Maximum lead of media over real time, in seconds; faster senders are throttled to real time. 0: no limit, for "
                + "recordings replayed faster than real time."),
        Setting(
            "max_messages_per_s", \.maxMessagesPerS, in: 1...100_000,
            "Messages per second of one stream, on average over ten; faster senders are throttled, unless max_lead_s "
                + "is 0."),
        Setting(
            "max_events_per_s", \.maxEventsPerS, in: 1...100_000,
            "Messages without media (digits, marks, unknown or unreadable events) per second, on average over ten; more "
                + "end the stream with 1008."),
        Setting("max_message_kb", \.maxMessageKB, in: 1...16_384, "Maximum message size, in kibibytes."),
        Setting(
            "handshake_timeout_s", \.handshakeTimeoutS, in: 1...300,
            "Maximum time from connection to upgrade, in seconds."),
        Setting(
            "first_message_timeout_s", \.firstMessageTimeoutS, in: 1...300,
            "Maximum time from upgrade to first message, in seconds."),
        Setting(
            "idle_timeout_s", \.idleTimeoutS, in: 1...86_400,
            "Seconds without a message after which a ping is sent; the stream stays open if the peer answers it."),
        Setting(
            "ping_interval_s", \.pingIntervalS, in: 1...3_600,
            "Seconds between pings; each must be answered before the next."),
        Setting(
            "drain_timeout_s", \.drainTimeoutS, in: 0...3_600,
            "How long streams may continue after SIGTERM, in seconds."),
    ]

    /// Problems between settings.
    package func problems() -> [(setting: String, problem: String)] {
        let path = Self.problem(ofPath: path, example: "/media").map { [(setting: "path", problem: $0)] } ?? []
        return listenerProblems + path + accessProblems + capProblems
    }

    private var accessProblems: [(setting: String, problem: String)] {
        var problems: [(String, String)] = []
        if publicURL.isEmpty, !signingPlatforms.isEmpty {
            problems.append(
                (
                    "public_url",
                    "is missing; \(signingPlatforms.joined(separator: " and ")) signs the URL it connects to: give wss:// "
                        + "and the public host"
                ))
        }
        if !publicURL.isEmpty {
            let rest = publicURL.lowercased().hasPrefix("wss://") ? publicURL.dropFirst(6) : ""
            if HostAuthority(String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })) == nil {
                problems.append(("public_url", "is \"\(publicURL)\"; expected a URL such as wss://media.example.com"))
            } else if publicURL.contains("?") || publicURL.contains("#") {
                problems.append(("public_url", "is \"\(publicURL)\"; expected a URL without query and fragment"))
            }
        }
        return problems
    }

    private var capProblems: [(setting: String, problem: String)] {
        var problems: [(String, String)] = []
        let isOneAddress = address?.isLoopback == true && trustedProxies.isEmpty
        if isOneAddress, maxConnectionsPerAddress > 0, maxConnectionsPerAddress < maxStreams {
            problems.append(
                (
                    "max_streams",
                    "is \(maxStreams), and max_connections_per_address admits \(maxConnectionsPerAddress) of one address: at "
                        + "\(listen) every connection comes from this machine, so the rest can never be used; raise "
                        + "max_connections_per_address, lower max_streams, or name the proxy in trusted_proxies"
                ))
        }
        return problems
    }

    /// A host without a port; an IPv6 address stands in brackets.
    private static func isHost(_ text: String) -> Bool {
        guard let authority = HostAuthority(text) else { return false }
        return authority.port == nil && !text.hasSuffix(":")
    }

    /// RFC 6454 §6.2: scheme, host and port as a browser sends them, and nothing else.
    private static func isOrigin(_ text: String) -> Bool {
        guard let mark = text.firstRange(of: "://"), ["http", "https"].contains(text[..<mark.lowerBound]) else {
            return false
        }
        return HostAuthority(String(text[mark.upperBound...])) != nil
    }

    // MARK: Derived values

    /// The networks of `trusted_proxies`.
    var proxies: [AddressRange] { trustedProxies.compactMap { AddressRange($0) } }

    /// The maximum number of streams per address.
    ///
    /// - Parameter isAuthenticated: whether upgrades need credentials, so that others cannot occupy the streams.
    func streamsPerAddress(isAuthenticated: Bool) -> Int {
        guard maxConnectionsPerAddress == 0 else { return min(maxConnectionsPerAddress, maxStreams) }
        let isShared = isAuthenticated || address?.isLoopback == true || !trustedProxies.isEmpty
        return isShared ? maxStreams : max(1, maxStreams / 2)
    }

    /// The limits of one connection.
    var limits: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.messageBytes = maxMessageKB * 1_024
        limits.handshake = .seconds(Int64(handshakeTimeoutS))
        limits.firstMessage = .seconds(Int64(firstMessageTimeoutS))
        limits.idle = .seconds(Int64(idleTimeoutS))
        limits.ping = .seconds(Int64(pingIntervalS))
        limits.connections = ConnectionLimits(
            total: maxConnectionsBeforeUpgrade,
            perAddress: maxConnectionsBeforeUpgradePerAddress > 0
                ? maxConnectionsBeforeUpgradePerAddress : ConnectionLimits.share(of: maxConnectionsBeforeUpgrade))
        limits.connections.trustedProxies = proxies
        guard maxLeadS > 0 else { return limits }
        limits.frames = RateLimit(perSecond: Double(maxMessagesPerS), burst: Double(maxMessagesPerS) * 10)
        // 96 kHz, two channels of 16 bits, in base64 and JSON, are two thirds of that.
        let perSecond = Double(max(1_048_576, limits.messageBytes))
        limits.bytes = RateLimit(perSecond: perSecond, burst: perSecond * 16)
        return limits
    }
}
