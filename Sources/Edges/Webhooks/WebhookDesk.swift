import SidetoneCallControl
import SidetoneModel
import SidetoneSignatures

/// Decides on one request: who signed it, and what it says. The signature comes first, over the bytes as received.
struct WebhookDesk: Sendable {
    private let settings: WebhookSourceSettings
    private let keys: WebhookKeys
    /// Without a slash at its end.
    private let publicURL: String

    init(_ settings: WebhookSourceSettings, _ keys: WebhookKeys) {
        self.settings = settings
        self.keys = keys
        publicURL = settings.publicURL.hasSuffix("/") ? String(settings.publicURL.dropLast()) : settings.publicURL
    }

    /// - Parameter now: seconds since 1970.
    func read(
        _ request: WebhookRequest, from platform: Platform, now: Double
    ) throws(WebhookRefusal) -> ReceivedWebhook {
        switch platform {
        case .minivoice: try miniVoice(request, now)
        case .signalwire: try signalWire(request, now)
        case .twilio: try twilio(request, now)
        }
    }

    /// An answer_url request may be signed by whoever sends it: a signature that is there must hold.
    func checkAnswer(_ request: WebhookRequest, now: Double) throws(WebhookRefusal) {
        var isSigned = false
        if request.headers["x-minivoice-signature"] != nil, keys.has(.minivoice) {
            isSigned = true
            try checkMiniVoice(request, now)
        }
        if Self.isSignedBySignalWire(request), keys.has(.signalwire) {
            isSigned = true
            try checkSignalWire(request)
        }
        guard !isSigned, settings.answerSignature == "required" else { return }
        throw WebhookRefusal(401, "unauthorized", "the request must be signed")
    }

    // MARK: MiniVoice

    private func miniVoice(_ request: WebhookRequest, _ now: Double) throws(WebhookRefusal) -> ReceivedWebhook {
        guard request.method == .post else { throw .method("POST") }
        if keys.has(.minivoice) { try checkMiniVoice(request, now) }
        let webhook: MiniVoiceWebhook
        do throws(Findings) { webhook = try MiniVoiceWebhook.read(request.body) } catch { throw .malformed(error) }
        return ReceivedWebhook(
            key: "minivoice:\(webhook.idempotencyKey)",
            entry: WebhookEntry.entry(webhook, request.method, at: now))
    }

    private func checkMiniVoice(_ request: WebhookRequest, _ now: Double) throws(WebhookRefusal) {
        try check(.minivoice) { signature throws(SignatureError) in
            try signature.checkMiniVoice(
                request.headers["x-minivoice-signature"], timestamp: request.headers["x-minivoice-timestamp"],
                body: request.body, now: now)
        }
    }

    // MARK: SignalWire

    private func signalWire(_ request: WebhookRequest, _ now: Double) throws(WebhookRefusal) -> ReceivedWebhook {
        if keys.has(.signalwire), Self.isSignedBySignalWire(request) || settings.signalwireSignature == "required" {
            try checkSignalWire(request)
        }
        let isForm = request.method == .get || request.isForm
        guard isForm else {
            return try read { () throws(Findings) in
                WebhookEntry.received(try StreamStatus.read(request.body), request.method, at: now)
            }
        }
        let form = request.method == .get ? try request.query : try request.form
        guard form["event_type"] != nil else { return try cxml(form, .signalwire, request.method, now) }
        return try read { () throws(Findings) in
            WebhookEntry.received(try StreamStatus(assumedQuery: form), request.method, at: now)
        }
    }

    private static func isSignedBySignalWire(_ request: WebhookRequest) -> Bool {
        request.headers["x-signalwire-signature"] != nil || request.headers["x-signalwire-sha256-signature"] != nil
    }

    /// The stronger signature where both are there.
    private func checkSignalWire(_ request: WebhookRequest) throws(WebhookRefusal) {
        let url = publicURL + request.target
        let strong = request.headers["x-signalwire-sha256-signature"]
        try check(.signalwire) { signature throws(SignatureError) in
            try signature.checkSignalWire(
                strong ?? request.headers["x-signalwire-signature"], strong == nil ? .sha1 : .sha256, url: url,
                body: request.body)
        }
    }

    // MARK: Twilio

    private func twilio(_ request: WebhookRequest, _ now: Double) throws(WebhookRefusal) -> ReceivedWebhook {
        // The fields are part of what is signed, so they are read first; who cannot sign learns only whether they are a form.
        let form = request.method == .get ? try request.query : try request.form
        if keys.has(.twilio) {
            let url = publicURL + request.target
            try check(.twilio) { signature throws(SignatureError) in
                try signature.checkTwilio(
                    request.headers["x-twilio-signature"], url: url, fields: request.method == .get ? [] : form.fields)
            }
        }
        return try cxml(form, .twilio, request.method, now)
    }

    private func cxml(
        _ form: Form, _ platform: Platform, _ method: WebhookRequest.Method, _ now: Double
    ) throws(WebhookRefusal) -> ReceivedWebhook {
        try read { () throws(Findings) in
            if form["StreamEvent"] == nil, form["CallStatus"] != nil {
                return WebhookEntry.received(try CXMLCallStatus(form), platform, method, at: now)
            }
            return WebhookEntry.received(try CXMLStreamStatus(form), platform, method, at: now)
        }
    }

    // MARK: Both

    private func check(
        _ platform: Platform, _ check: (WebhookSignature) throws(SignatureError) -> Void
    ) throws(WebhookRefusal) {
        do throws(SignatureError) { try keys.check(platform, check) } catch {
            throw WebhookRefusal(401, "unauthorized", error.description)
        }
    }

    private func read(_ read: () throws(Findings) -> ReceivedWebhook) throws(WebhookRefusal) -> ReceivedWebhook {
        do throws(Findings) { return try read() } catch { throw .malformed(error) }
    }
}
