import SidetoneCallControl
package import SidetoneModel
import SidetonePipeline
package import SidetonePlatforms
import SidetoneWebSocket

/// Settings of the `webhooks` source, which receives webhooks and status callbacks and serves the documents of an answer_url.
package struct WebhookSourceSettings: ListenerSettings {
    package static let name = "webhooks"
    package static let plainScheme = "http"

    package var listen = "127.0.0.1:8444"
    /// By platform name; platforms without an entry have the default path.
    package var paths: [String: String] = [:]
    /// The files of the keys that sign webhooks, by platform name.
    package var keyFiles: [String: String] = [:]
    package var allowUnsigned: [String] = []
    /// Whether webhooks must be signed, by name of a platform that does not document that it signs them.
    package var signatureRules: [String: String] = [:]
    package var publicURL = ""
    package var answerPath = "/answer"
    package var answerDocuments = ""
    package var answerSignature = "when_present"
    package var streamURL = ""
    package var streamTokenFile = ""
    package var callTokenKeyFile = ""
    package var callTokenLifetimeS = 300
    package var certificate = ""
    package var key = ""
    package var allowPlaintext = false
    package var maxBodyKB = 64
    package var bodyTimeoutS = 10
    package var idleTimeoutS = 60
    package var maxConnections = 1_000
    /// 0: a quarter of all.
    package var maxConnectionsPerAddress = 0
    package var queueWebhooks = 10_000
    package var deduplicationCapacity = 250_000
    package var deduplicationWindowS = 900
    package var keepNumbers = false

    package init() {}

    package static let fields: [Setting<Self>] =
        [listenField] + platformFields + answerFields + tlsFields + limitFields

    private static let platformFields: [Setting<Self>] =
        pathFields + keyFields + [allowUnsignedField] + signatureFields + [publicURLField]

    private static let pathFields: [Setting<Self>] = PlatformCatalog.withWebhooks.map { platform, profile in
        Setting("\(platform.name)_path", \Self.[pathOf: platform.name], pathRule, profile.summary)
    }

    private static let keyFields: [Setting<Self>] = PlatformCatalog.withWebhooks.map { platform, profile in
        Setting(
            keySetting(of: platform.name, profile: profile), \Self.[keyFileOf: platform.name], keyRule,
            "\(profile.key.plural), one per line; one must have signed each \(profile.key.signs). Enables "
                + "\(platform.name)_path.")
    }

    private static let allowUnsignedField = Setting<Self>(
        "allow_unsigned", \.allowUnsigned, among: PlatformCatalog.withWebhooks.map { $0.platform.name },
        "Platforms whose webhooks are accepted without a signature, for development. Such webhooks are marked as not "
            + "verified: they create no call and do not complete one.")

    private static let signatureFields: [Setting<Self>] =
        PlatformCatalog.withWebhooks.filter { !$0.webhooks.isSignatureDocumented }.map { platform, profile in
            Setting(
                "\(platform.name)_signature", \Self.[signatureRuleOf: platform.name], oneOf: signatureRules,
                "Whether \(profile.key.signs)s must be signed; \(platform.title) does not document that it signs them. "
                    + "Unsigned ones are marked as not verified.")
        }

    private static let publicURLField = Setting<Self>(
        "public_url", \.publicURL, "an http:// or https:// URL",
        "The URL by which platforms reach this listener, without the path; \(urlSigners) sign it.")

    /// The name of the setting of a platform's key file: `twilio_token_file`.
    package static func keySetting(of platform: String, profile: WebhookProfile) -> String {
        "\(platform)_\(profile.key.name)_file"
    }

    /// The platforms whose signatures cover the URL, for messages: `SignalWire and Twilio`.
    private static let urlSigners = PlatformCatalog.withWebhooks.filter { $0.webhooks.signature.coversURL }
        .map { $0.platform.title }.joined(separator: " and ")

    private static func defaultPath(of platform: String) -> String { "/webhooks/\(platform)" }

    private subscript(pathOf platform: String) -> String {
        get { paths[platform] ?? Self.defaultPath(of: platform) }
        set { paths[platform] = newValue }
    }
    private subscript(keyFileOf platform: String) -> String {
        get { keyFiles[platform] ?? "" }
        set { keyFiles[platform] = newValue }
    }
    private subscript(signatureRuleOf platform: String) -> String {
        get { signatureRules[platform] ?? Self.signatureRules[0] }
        set { signatureRules[platform] = newValue }
    }

    private static let answerFields: [Setting<Self>] = [
        Setting(
            "answer_path", \.answerPath, pathRule,
            "Path of the answer_url, which serves the call's document by GET and POST."),
        Setting(
            "answer_documents", \.answerDocuments, "a document in JSON or YAML, or a YAML file of rules",
            "What the answer_url serves: one document, or one per called number. Enables answer_path."),
        Setting(
            "answer_signature", \.answerSignature, oneOf: signatureRules,
            "Whether answer_url requests must be signed; MiniVoice does not document that it signs them."),
        Setting(
            "stream_url", \.streamURL, "a wss:// URL", "Replaces {{stream_url}} in documents: the URL of the receiver."
        ),
        Setting(
            "stream_token_file", \.streamTokenFile, "a file whose first token is used",
            "Replaces {{token}} in documents by a static bearer token, for receivers that accept no other; requires signed "
                + "requests. Without it, each {{token}} becomes a token for one stream of the call."),
        Setting(
            "call_token_key_file", \.callTokenKeyFile, "a file with one key per line, at least 32 characters each",
            "Key that signs the tokens of {{token}}, for receivers in another process with the same file. Without it, a "
                + "random key shared with the receiver of this pipeline is used."),
        Setting(
            "call_token_lifetime_s", \.callTokenLifetimeS, in: 10...86_400,
            "Lifetime of the tokens of {{token}}, in seconds from the response to the start of the stream."),
    ]

    private static let limitFields: [Setting<Self>] = [
        Setting(
            "max_body_kb", \.maxBodyKB, in: 1...1_024, "Maximum size of a body, in kibibytes; larger ones get 413."),
        Setting(
            "body_timeout_s", \.bodyTimeoutS, in: 1...300,
            "Maximum time from a request's head to the end of its body, in seconds; slower ones get 408."),
        Setting(
            "idle_timeout_s", \.idleTimeoutS, in: 1...3_600,
            "Maximum time without a complete request head, in seconds."),
        Setting(
            "max_connections", \.maxConnections, in: 1...100_000,
            "Maximum concurrent connections; further ones get 503."),
        Setting(
            "max_connections_per_address", \.maxConnectionsPerAddress, in: 0...100_000,
            "The same per address (IPv6: per /64); 0: a quarter of the total."),
        Setting(
            "queue_webhooks", \.queueWebhooks, in: 1...1_000_000,
            "Maximum webhooks being written at once; further ones get 503."),
        Setting(
            "deduplication_capacity", \.deduplicationCapacity, in: 1...10_000_000,
            "Events remembered per platform, so that a repeated delivery is not written again; about 120 "
                + "bytes each."),
        Setting(
            "deduplication_window_s", \.deduplicationWindowS, in: 600...86_400,
            "How long an event is remembered, in seconds; at least as long as a signature is valid."),
        Setting(
            "keep_numbers", \.keepNumbers, "Keep telephone numbers in full; otherwise they are masked before any sink."),
    ]

    private static let pathRule = "a path that begins with /"
    private static let keyRule = "a file with one per line"
    private static let signatureRules = ["when_present", "required"]

    /// Problems between settings.
    package func problems() -> [(setting: String, problem: String)] {
        var problems = listenerProblems
        var used: [String] = []
        for (name, path, standard) in allPaths {
            if let wrong = Self.problem(ofPath: path, example: standard) {
                problems.append((name, wrong))
            } else if path.hasSuffix("/") {
                problems.append((name, "is \"\(path)\", which ends in a slash; write a path such as \(standard)"))
            } else if used.contains(path) {
                problems.append((name, "is \"\(path)\", which is used twice; each path must be different"))
            }
            used.append(path)
        }
        if !hasEndpoint {
            problems.append(
                (
                    "allow_unsigned",
                    "and all key files and answer_documents are missing: nothing would be served; set "
                        + "\(Self.keySettings { _ in true }.joined(separator: ", ")), answer_documents, or for "
                        + "development allow_unsigned: [\(PlatformCatalog.withWebhooks.first?.platform.name ?? "")]"
                ))
        }
        for (platform, _) in PlatformCatalog.withWebhooks
        where allowUnsigned.contains(platform.name) && keyFiles[platform.name] != nil {
            problems.append(
                ("allow_unsigned", "lists \(platform.name), whose key file is also set; keep one of them"))
        }
        let coversURL = PlatformCatalog.withWebhooks.contains {
            $0.webhooks.signature.coversURL && keyFiles[$0.platform.name] != nil
        }
        if publicURL.isEmpty, coversURL {
            problems.append(
                (
                    "public_url",
                    "is missing; \(Self.urlSigners) sign the URL they call: set it without the path"
                ))
        }
        if !publicURL.isEmpty, !publicURL.hasPrefix("https://"), !publicURL.hasPrefix("http://") {
            problems.append(
                ("public_url", "is \"\(WebURL.withoutSecrets(publicURL))\"; it must begin with https:// or http://"))
        }
        if !streamURL.isEmpty, !streamURL.hasPrefix("wss://") {
            problems.append(("stream_url", "is \"\(WebURL.withoutSecrets(streamURL))\"; platforms accept wss:// only"))
        }
        problems += secretProblems
        return problems
    }

    /// Static secrets that unsigned requests would receive, and signatures that nothing can check.
    private var secretProblems: [(setting: String, problem: String)] {
        var problems: [(String, String)] = []
        let canVerify = PlatformCatalog.all.contains { $0.documents.language != nil && keyFiles[$0.name] != nil }
        let keys = Self.keySettings { $0.documents.language != nil }.joined(separator: " or ")
        if answerSignature == "required", !answerDocuments.isEmpty, !canVerify {
            problems.append(
                (
                    "answer_signature",
                    "is required, but there is no key to verify it; set \(keys)"
                ))
        }
        guard answerSignature != "required" || !canVerify else { return problems }
        if !streamTokenFile.isEmpty {
            problems.append(
                (
                    "stream_token_file",
                    "contains a static secret, and any client that reaches answer_path would receive it, because requests need no "
                        + "signature; remove it and set call_tokens: same_call in the websocket source, so that each "
                        + "answer holds a token for one stream, or set answer_signature: required with "
                        + keys
                ))
        }
        if SecretName.isSecret(inURL: streamURL) {
            problems.append(
                (
                    "stream_url",
                    "contains a static secret, and any client that reaches answer_path would receive it, because requests need no "
                        + "signature; remove it and write {{stream_url}}/{{token}} in the document, or set "
                        + "answer_signature: required with \(keys)"
                ))
        }
        return problems
    }

    /// Whether answer_url requests are answered only with a signature, so that documents may hold static secrets.
    package var requiresSignedAnswers: Bool { answerSignature == "required" }
    var connections: ConnectionLimits {
        ConnectionLimits(
            total: maxConnections,
            perAddress: maxConnectionsPerAddress > 0
                ? maxConnectionsPerAddress : ConnectionLimits.share(of: maxConnections))
    }

    /// Each with the name of its setting and its default.
    private var allPaths: [(setting: String, path: String, standard: String)] {
        PlatformCatalog.withWebhooks.map { platform, _ in
            ("\(platform.name)_path", path(of: platform), Self.defaultPath(of: platform.name))
        } + [("answer_path", answerPath, Self().answerPath)]
    }

    private var hasEndpoint: Bool {
        !answerDocuments.isEmpty || PlatformCatalog.withWebhooks.contains { isOpen($0.platform) }
    }

    /// The names of the key settings of the platforms that a condition includes.
    private static func keySettings(where isIncluded: (any Platform.Type) -> Bool) -> [String] {
        PlatformCatalog.withWebhooks.filter { isIncluded($0.platform) }
            .map { keySetting(of: $0.platform.name, profile: $0.webhooks) }
    }

    /// Whether webhooks of a platform are accepted at all.
    func isOpen(_ platform: any Platform.Type) -> Bool {
        allowUnsigned.contains(platform.name) || keyFiles[platform.name] != nil
    }

    package func path(of platform: any Platform.Type) -> String { self[pathOf: platform.name] }

    /// Whether webhooks of a platform that does not document its signatures must be signed.
    func requiresSignature(_ platform: any Platform.Type) -> Bool { self[signatureRuleOf: platform.name] == "required" }
}
