import SidetoneCallControl
import SidetoneJSON
import SidetoneModel
import SidetoneSignatures

/// Verifies and decodes one request. The signature is checked first, over the bytes as received.
struct WebhookVerifier: Sendable {
    private let settings: WebhookSourceSettings
    private let keys: WebhookKeys
    /// Without a trailing slash.
    private let publicURL: String

    init(_ settings: WebhookSourceSettings, _ keys: WebhookKeys) {
        self.settings = settings
        self.keys = keys
        publicURL = settings.publicURL.hasSuffix("/") ? String(settings.publicURL.dropLast()) : settings.publicURL
    }

    /// Verifies and decodes a webhook. Its entry states whether the sender was authenticated.
    ///
    /// - Parameter now: seconds since 1970.
    func read(
        _ request: WebhookRequest, from platform: Platform, now: Double
    ) throws(WebhookError) -> ReceivedWebhook {
        switch platform {
        case .minivoice: try miniVoice(request, at: now)
        case .signalwire: try signalWire(request, at: now)
        case .twilio: try twilio(request, at: now)
        }
    }

    /// Checks an answer_url request. Platforms do not document whether they sign it: a signature that is present must be
    /// valid, and may be required.
    ///
    /// - Returns: whether it was signed.
    func checkAnswer(_ request: WebhookRequest, now: Double) throws(WebhookError) -> Bool {
        var isSigned = false
        if request.headers["x-minivoice-signature"] != nil, keys.has(.minivoice) {
            isSigned = true
            try checkMiniVoice(request, at: now)
        }
        if Self.isSignedBySignalWire(request), keys.has(.signalwire) {
            isSigned = true
            try checkSignalWire(request)
        }
        guard isSigned || settings.answerSignature != "required" else {
            throw WebhookError(401, "unauthorized", "the request must be signed")
        }
        return isSigned
    }

    // MARK: MiniVoice

    private func miniVoice(_ request: WebhookRequest, at now: Double) throws(WebhookError) -> ReceivedWebhook {
        guard request.method == .post else { throw .method("POST") }
        let isVerified = keys.has(.minivoice)
        if isVerified { try checkMiniVoice(request, at: now) }
        return try read(isVerified: isVerified) { () throws(Diagnostics) in
            WebhookLogMapper.received(try MiniVoiceWebhook.read(request.body), method: request.method, at: now)
        }
    }

    private func checkMiniVoice(_ request: WebhookRequest, at now: Double) throws(WebhookError) {
        try check(.minivoice) { signature throws(SignatureError) in
            try signature.checkMiniVoice(
                request.headers["x-minivoice-signature"], timestamp: request.headers["x-minivoice-timestamp"],
                body: request.body, now: now)
        }
    }

    // MARK: SignalWire

    private func signalWire(_ request: WebhookRequest, at now: Double) throws(WebhookError) -> ReceivedWebhook {
        let isVerified =
            keys.has(.signalwire)
            && (Self.isSignedBySignalWire(request) || settings.signalwireSignature == "required")
        if isVerified { try checkSignalWire(request) }
        guard request.method == .get || request.isForm else {
            return try read(isVerified: isVerified) { () throws(Diagnostics) in
                WebhookLogMapper.received(try StreamStatus.read(request.body), method: request.method, at: now)
            }
        }
        let form = request.method == .get ? try request.query : try request.form
        guard form["event_type"] != nil else {
            return try cxml(form, platform: .signalwire, method: request.method, isVerified: isVerified, at: now)
        }
        return try read(isVerified: isVerified) { () throws(Diagnostics) in
            WebhookLogMapper.received(try StreamStatus(assumedQuery: form), method: request.method, at: now)
        }
    }

    private static func isSignedBySignalWire(_ request: WebhookRequest) -> Bool {
        request.headers["x-signalwire-signature"] != nil || request.headers["x-signalwire-sha256-signature"] != nil
    }

    /// Prefers the stronger signature if both are present.
    private func checkSignalWire(_ request: WebhookRequest) throws(WebhookError) {
        let url = publicURL + request.target
        let strong = request.headers["x-signalwire-sha256-signature"]
        try check(.signalwire) { signature throws(SignatureError) in
            try signature.checkSignalWire(
                strong ?? request.headers["x-signalwire-signature"], hash: strong == nil ? .sha1 : .sha256, url: url,
                body: request.body)
        }
    }

    // MARK: Twilio

    private func twilio(_ request: WebhookRequest, at now: Double) throws(WebhookError) -> ReceivedWebhook {
        let isJSON = request.method == .post && !request.isForm
        // The signature covers the fields of a form, so they are parsed first: an unauthenticated sender learns only whether
        // they are a valid form.
        var form = Form()
        if request.method == .get { form = try request.query } else if !isJSON { form = try request.form }
        let isVerified = keys.has(.twilio)
        if isVerified {
            let url = publicURL + request.target
            let signature = request.headers["x-twilio-signature"]
            let hash = try Self.twilioHash(request)
            let fields = form.fields
            try check(.twilio) { key throws(SignatureError) in
                if isJSON {
                    try key.checkTwilio(signature, url: url, jsonBody: request.body, hash: hash)
                } else {
                    try key.checkTwilio(
                        signature, url: url, fields: request.method == .get ? [] : fields, hash: hash)
                }
            }
        }
        if isJSON { form = try request.jsonForm }
        return try cxml(form, platform: .twilio, method: request.method, isVerified: isVerified, at: now)
    }

    /// `X-Twilio-Webhooks-Signature-Settings: key=…,algorithm=HMAC_SHA256`; SHA-1 where the field is missing or names no
    /// algorithm.
    private static func twilioHash(_ request: WebhookRequest) throws(WebhookError) -> WebhookSignature.Hash {
        let settings = request.headers["x-twilio-webhooks-signature-settings"] ?? ""
        for part in settings.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard pair.count == 2, pair[0] == "algorithm" else { continue }
            switch pair[1].uppercased() {
            case "HMAC_SHA1": return .sha1
            case "HMAC_SHA256": return .sha256
            default:
                throw WebhookError(
                    401, "unauthorized",
                    "X-Twilio-Webhooks-Signature-Settings names an unknown algorithm; known are HMAC_SHA1, HMAC_SHA256")
            }
        }
        return .sha1
    }

    private func cxml(
        _ form: Form, platform: Platform, method: WebhookRequest.Method, isVerified: Bool, at now: Double
    ) throws(WebhookError) -> ReceivedWebhook {
        try read(isVerified: isVerified) { () throws(Diagnostics) in
            if form["StreamEvent"] == nil, form["CallStatus"] != nil {
                return WebhookLogMapper.received(try CXMLCallStatus(form), platform: platform, method: method, at: now)
            }
            return WebhookLogMapper.received(try CXMLStreamStatus(form), platform: platform, method: method, at: now)
        }
    }

    // MARK: All platforms

    private func check(
        _ platform: Platform, _ check: (WebhookSignature) throws(SignatureError) -> Void
    ) throws(WebhookError) {
        do throws(SignatureError) { try keys.check(platform, check) } catch {
            throw WebhookError(401, "unauthorized", error.description)
        }
    }

    private func read(
        isVerified: Bool, _ read: () throws(Diagnostics) -> ReceivedWebhook
    ) throws(WebhookError) -> ReceivedWebhook {
        do throws(Diagnostics) {
            var webhook = try read()
            webhook.entry.isVerified = isVerified
            return webhook
        } catch { throw .malformed(error) }
    }
}
