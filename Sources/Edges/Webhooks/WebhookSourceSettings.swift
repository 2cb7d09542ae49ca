import SidetoneCallControl
package import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket

/// Settings of the `webhooks` source, which receives webhooks and status callbacks and serves the documents of an answer_url.
package struct WebhookSourceSettings: ListenerSettings {
    package static let name = "webhooks"
    package static let plainScheme = "http"

    package var listen = "127.0.0.1:8444"
    package var minivoicePath = "/webhooks/minivoice"
    package var signalwirePath = "/webhooks/signalwire"
    package var twilioPath = "/webhooks/twilio"
    package var minivoiceSecretFile = ""
    package var signalwireKeyFile = ""
    package var twilioTokenFile = ""
    package var allowUnsigned: [String] = []
    package var signalwireSignature = "when_present"
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

    private static let platformFields: [Setting<Self>] = [
        Setting("minivoice_path", \.minivoicePath, pathRule, "Path for MiniVoice's webhooks: POST, JSON."),
        Setting(
            "signalwire_path", \.signalwirePath, pathRule,
            "Path for SignalWire's status events: POST with JSON or a form, or GET."),
        Setting(
            "twilio_path", \.twilioPath, pathRule,
            "Path for Twilio's status callbacks: POST with a form or JSON, or GET."),
        Setting(
            "minivoice_secret_file", \.minivoiceSecretFile, keyRule,
            "Webhook secrets, one per line; one must have signed each webhook. Enables minivoice_path."),
        Setting(
            "signalwire_key_file", \.signalwireKeyFile, keyRule,
            "Signing keys, one per line; one must have signed each event. Enables signalwire_path."),
        Setting(
            "twilio_token_file", \.twilioTokenFile, keyRule,
            "Auth tokens, one per line; one must have signed each callback. Enables twilio_path."),
        Setting(
            "allow_unsigned", \.allowUnsigned, among: Platform.allCases.map(\.rawValue),
            "Platforms whose webhooks are accepted without a signature, for development. Such webhooks are marked as not "
                + "verified: they create no call and do not complete one."),
        Setting(
            "signalwire_signature", \.signalwireSignature, oneOf: signatureRules,
            "Whether status events must be signed; SignalWire does not document that it signs them. Unsigned ones are marked as "
                + "not verified."),
        Setting(
            "public_url", \.publicURL, "an http:// or https:// URL",
            "The URL by which platforms reach this listener, without the path; SignalWire and Twilio sign it."),
    ]

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
        for (name, path, standard) in paths {
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
                        + "minivoice_secret_file, signalwire_key_file, twilio_token_file, answer_documents, or for "
                        + "development allow_unsigned: [minivoice]"
                ))
        }
        for platform in Platform.allCases
        where allowUnsigned.contains(platform.rawValue) && !keyFile(of: platform).isEmpty {
            problems.append(
                ("allow_unsigned", "lists \(platform.rawValue), whose key file is also set; keep one of them"))
        }
        if publicURL.isEmpty, !signalwireKeyFile.isEmpty || !twilioTokenFile.isEmpty {
            problems.append(
                (
                    "public_url",
                    "is missing; SignalWire and Twilio sign the URL they call: set it without the path"
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
        let canVerify = !minivoiceSecretFile.isEmpty || !signalwireKeyFile.isEmpty
        if answerSignature == "required", !answerDocuments.isEmpty, !canVerify {
            problems.append(
                (
                    "answer_signature",
                    "is required, but there is no key to verify it; set minivoice_secret_file or signalwire_key_file"
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
                        + "minivoice_secret_file or signalwire_key_file"
                ))
        }
        if SecretName.isSecret(inURL: streamURL) {
            problems.append(
                (
                    "stream_url",
                    "contains a static secret, and any client that reaches answer_path would receive it, because requests need no "
                        + "signature; remove it and write {{stream_url}}/{{token}} in the document, or set "
                        + "answer_signature: required with minivoice_secret_file or signalwire_key_file"
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
    private var paths: [(setting: String, path: String, standard: String)] {
        let standard = Self()
        return [
            ("minivoice_path", minivoicePath, standard.minivoicePath),
            ("signalwire_path", signalwirePath, standard.signalwirePath),
            ("twilio_path", twilioPath, standard.twilioPath), ("answer_path", answerPath, standard.answerPath),
        ]
    }

    private var hasEndpoint: Bool {
        !answerDocuments.isEmpty || Platform.allCases.contains { isOpen($0) }
    }

    /// Whether webhooks of a platform are accepted at all.
    func isOpen(_ platform: Platform) -> Bool {
        allowUnsigned.contains(platform.rawValue) || !keyFile(of: platform).isEmpty
    }

    func path(of platform: Platform) -> String {
        switch platform {
        case .minivoice: minivoicePath
        case .signalwire: signalwirePath
        case .twilio: twilioPath
        }
    }

    private func keyFile(of platform: Platform) -> String {
        switch platform {
        case .minivoice: minivoiceSecretFile
        case .signalwire: signalwireKeyFile
        case .twilio: twilioTokenFile
        }
    }
}
