public import SidetoneModel
public import SidetonePipeline

/// Where webhooks and status callbacks are received, and actions are served: the `webhooks` source of a pipeline file.
public struct WebhookSourceSettings: ListenerSettings {
    public static let name = "webhooks"
    public static let plainScheme = "http"

    public var listen = "127.0.0.1:8444"
    public var minivoicePath = "/webhooks/minivoice"
    public var signalwirePath = "/webhooks/signalwire"
    public var twilioPath = "/webhooks/twilio"
    public var minivoiceSecretFile = ""
    public var signalwireKeyFile = ""
    public var twilioTokenFile = ""
    public var unsigned: [String] = []
    public var signalwireSignature = "when_present"
    public var publicURL = ""
    public var answerPath = "/answer"
    public var answers = ""
    public var answerSignature = "when_present"
    public var streamURL = ""
    public var streamTokenFile = ""
    public var certificate = ""
    public var key = ""
    public var plain = false
    public var maxBodyKB = 64
    public var bodyTimeoutS = 10
    public var idleTimeoutS = 60
    public var maxConnections = 1_000
    public var queueWebhooks = 10_000
    public var seenWebhooks = 250_000
    public var seenS = 900
    public var keepNumbers = false

    public init() {}

    public static let fields: [Setting<Self>] =
        [listenField] + platformFields + answerFields + tlsFields + limitFields

    private static let platformFields: [Setting<Self>] = [
        Setting("minivoice_path", \.minivoicePath, pathRule, "Where MiniVoice sends its webhooks: POST, JSON."),
        Setting(
            "signalwire_path", \.signalwirePath, pathRule,
            "Where SignalWire sends status events: POST with JSON or a form, or GET."),
        Setting(
            "twilio_path", \.twilioPath, pathRule, "Where Twilio sends status callbacks: POST with a form, or GET."),
        Setting(
            "minivoice_secret_file", \.minivoiceSecretFile, keyRule,
            "The webhook secrets of which one must have signed; opens minivoice_path."),
        Setting(
            "signalwire_key_file", \.signalwireKeyFile, keyRule,
            "The signing keys of which one must have signed; opens signalwire_path."),
        Setting(
            "twilio_token_file", \.twilioTokenFile, keyRule,
            "The auth tokens of which one must have signed; opens twilio_path."),
        Setting(
            "unsigned", \.unsigned, among: Platform.allCases.map(\.rawValue),
            "Platforms whose webhooks are taken without a key; for development, or where the platform signs nothing."),
        Setting(
            "signalwire_signature", \.signalwireSignature, oneOf: signatureRules,
            "Whether a status event without a signature is taken: SignalWire does not say that it signs them."),
        Setting(
            "public_url", \.publicURL, "an http:// or https:// URL",
            "How platforms reach this listener, up to the path; SignalWire and Twilio sign it."),
    ]

    private static let answerFields: [Setting<Self>] = [
        Setting("answer_path", \.answerPath, pathRule, "The answer_url: gives the call's document, by GET or POST."),
        Setting(
            "answers", \.answers, "a JSON document, or a YAML file of rules",
            "What the answer_url gives: one document, or one for each called number; opens answer_path."),
        Setting(
            "answer_signature", \.answerSignature, oneOf: signatureRules,
            "Whether an answer_url request without a signature is answered: MiniVoice does not say that it signs them."),
        Setting(
            "stream_url", \.streamURL, "a wss:// URL", "Fills {{stream_url}} of documents: the address of the receiver."
        ),
        Setting(
            "stream_token_file", \.streamTokenFile, "a file whose first token counts",
            "Fills {{token}} of documents: the bearer token of the receiver."),
    ]

    private static let limitFields: [Setting<Self>] = [
        Setting(
            "max_body_kb", \.maxBodyKB, in: 1...1_024, "The largest body, in kibibytes; a larger one is answered 413."),
        Setting(
            "body_timeout_s", \.bodyTimeoutS, in: 1...300,
            "From a request's head to the end of its body, in seconds; a slower one is answered 408."),
        Setting(
            "idle_timeout_s", \.idleTimeoutS, in: 1...3_600,
            "How long a connection may be without a whole head, in seconds."),
        Setting("max_connections", \.maxConnections, in: 1...100_000, "Connections at once; further ones wait."),
        Setting(
            "queue_webhooks", \.queueWebhooks, in: 1...1_000_000,
            "Webhooks that were accepted and wait; a further one is answered 503."),
        Setting(
            "seen_webhooks", \.seenWebhooks, in: 1...10_000_000,
            "Webhooks that are known again when they come twice; about 120 bytes each."),
        Setting(
            "seen_s", \.seenS, in: 600...86_400,
            "How long a webhook is known again, in seconds; at least as long as a signature is valid."),
        Setting(
            "keep_numbers", \.keepNumbers, "Keeps telephone numbers in full; else they are masked before any sink."),
    ]

    private static let pathRule = "a path that begins with /"
    private static let keyRule = "a file with one a line"
    private static let signatureRules = ["when_present", "required"]

    /// What no single setting shows: problems between them.
    public func problems() -> [(setting: String, problem: String)] {
        var problems = listenerProblems
        var taken: [String] = []
        for (name, path, standard) in paths {
            if let wrong = Self.problem(ofPath: path, example: standard) {
                problems.append((name, wrong))
            } else if path.hasSuffix("/") {
                problems.append((name, "is \"\(path)\", which ends in a slash; it takes a path such as \(standard)"))
            } else if taken.contains(path) {
                problems.append((name, "is \"\(path)\", which another path is; give each its own"))
            }
            taken.append(path)
        }
        if !hasEndpoint {
            problems.append(
                (
                    "unsigned",
                    "and the key files are missing, and answers as well: nothing would be served; give minivoice_secret_file, "
                        + "signalwire_key_file, twilio_token_file, answers, or for development unsigned: [minivoice]"
                ))
        }
        for platform in Platform.allCases where unsigned.contains(platform.rawValue) && !keyFile(of: platform).isEmpty {
            problems.append(
                ("unsigned", "names \(platform.rawValue), whose key file is given as well; keep one of them"))
        }
        if publicURL.isEmpty, !signalwireKeyFile.isEmpty || !twilioTokenFile.isEmpty {
            problems.append(
                (
                    "public_url",
                    "is missing; SignalWire and Twilio sign the URL they call: give what stands before the path"
                ))
        }
        if !publicURL.isEmpty, !publicURL.hasPrefix("https://"), !publicURL.hasPrefix("http://") {
            problems.append(("public_url", "is \"\(publicURL)\"; it begins with https:// or http://"))
        }
        if !streamURL.isEmpty, !streamURL.hasPrefix("wss://") {
            problems.append(("stream_url", "is \"\(streamURL)\"; platforms take wss:// only"))
        }
        return problems
    }

    /// Each with its setting and its default.
    private var paths: [(setting: String, path: String, standard: String)] {
        let standard = Self()
        return [
            ("minivoice_path", minivoicePath, standard.minivoicePath),
            ("signalwire_path", signalwirePath, standard.signalwirePath),
            ("twilio_path", twilioPath, standard.twilioPath), ("answer_path", answerPath, standard.answerPath),
        ]
    }

    private var hasEndpoint: Bool {
        !answers.isEmpty || Platform.allCases.contains { isOpen($0) }
    }

    /// Whether webhooks of a platform are taken at all.
    func isOpen(_ platform: Platform) -> Bool {
        unsigned.contains(platform.rawValue) || !keyFile(of: platform).isEmpty
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
