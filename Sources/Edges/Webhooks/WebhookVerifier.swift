import SidetoneCallControl
import SidetoneJSON
import SidetoneModel
import SidetonePlatforms
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
        _ request: WebhookRequest, from platform: any Platform.Type, now: Double
    ) throws(WebhookError) -> ReceivedWebhook {
        guard let profile = platform.webhooks else {
            throw WebhookError(404, "not_found", "there are no webhooks here")
        }
        guard profile.acceptsGET || request.method == .post else { throw .method("POST") }
        switch profile.payload {
        case .events: return try events(request, from: platform, at: now)
        case .streamStates: return try streamStates(request, from: platform, at: now)
        case .callbacks: return try callbacks(request, from: platform, at: now)
        }
    }

    /// Checks an answer_url request. Platforms do not document whether they sign it: a signature that is present must be
    /// valid, and may be required.
    ///
    /// - Returns: whether it was signed.
    func checkAnswer(_ request: WebhookRequest, now: Double) throws(WebhookError) -> Bool {
        var isSigned = false
        for (platform, profile) in PlatformCatalog.withWebhooks
        where platform.documents.language != nil && keys.has(platform) && Self.isSigned(request, as: profile.signature)
        {
            isSigned = true
            try checkSignature(request, of: platform, form: Form(), at: now)
        }
        guard isSigned || settings.answerSignature != "required" else {
            throw WebhookError(401, "unauthorized", "the request must be signed")
        }
        return isSigned
    }

    // MARK: Payloads

    private func events(
        _ request: WebhookRequest, from platform: any Platform.Type, at now: Double
    ) throws(WebhookError) -> ReceivedWebhook {
        let isVerified = try verify(request, from: platform, at: now)
        return try read(isVerified: isVerified) { () throws(Diagnostics) in
            WebhookLogMapper.received(
                try MiniVoiceWebhook.read(request.body), platform: platform.name, method: request.method, at: now)
        }
    }

    private func streamStates(
        _ request: WebhookRequest, from platform: any Platform.Type, at now: Double
    ) throws(WebhookError) -> ReceivedWebhook {
        let isVerified = try verify(request, from: platform, at: now)
        guard request.method == .get || request.isForm else {
            return try read(isVerified: isVerified) { () throws(Diagnostics) in
                WebhookLogMapper.received(
                    try StreamStatus.read(request.body), platform: platform.name, method: request.method, at: now)
            }
        }
        let form = request.method == .get ? try request.query : try request.form
        guard form["event_type"] != nil else {
            return try cxml(form, platform: platform.name, method: request.method, isVerified: isVerified, at: now)
        }
        return try read(isVerified: isVerified) { () throws(Diagnostics) in
            WebhookLogMapper.received(
                try StreamStatus(assumedQuery: form), platform: platform.name, method: request.method, at: now)
        }
    }

    private func callbacks(
        _ request: WebhookRequest, from platform: any Platform.Type, at now: Double
    ) throws(WebhookError) -> ReceivedWebhook {
        let isJSON = request.method == .post && !request.isForm
        // The signature covers the fields of a form, so they are parsed first: an unauthenticated sender learns only whether
        // they are a valid form.
        var form = Form()
        if request.method == .get { form = try request.query } else if !isJSON { form = try request.form }
        let isVerified = try verify(request, from: platform, form: form, at: now)
        if isJSON { form = try request.jsonForm }
        return try cxml(form, platform: platform.name, method: request.method, isVerified: isVerified, at: now)
    }

    // MARK: Signatures

    /// Checks the signature of a webhook if the platform has keys and a signature is expected.
    ///
    /// - Returns: whether it was signed.
    private func verify(
        _ request: WebhookRequest, from platform: any Platform.Type, form: Form = Form(), at now: Double
    ) throws(WebhookError) -> Bool {
        guard let profile = platform.webhooks, keys.has(platform) else { return false }
        let isExpected =
            profile.isSignatureDocumented || settings.requiresSignature(platform)
            || Self.isSigned(request, as: profile.signature)
        guard isExpected else { return false }
        try checkSignature(request, of: platform, form: form, at: now)
        return true
    }

    private static func isSigned(_ request: WebhookRequest, as signature: WebhookProfile.Signature) -> Bool {
        signature.headers.contains { request.headers[$0] != nil }
    }

    /// - Parameter form: the fields of the request, for signatures that cover them.
    private func checkSignature(
        _ request: WebhookRequest, of platform: any Platform.Type, form: Form, at now: Double
    ) throws(WebhookError) {
        switch platform.webhooks?.signature {
        case .timeAndBody?:
            try check(platform) { key throws(SignatureError) in
                try key.checkMiniVoice(
                    request.headers["x-minivoice-signature"], timestamp: request.headers["x-minivoice-timestamp"],
                    body: request.body, now: now)
            }
        case .urlAndBody?:
            // Prefers the stronger signature if both are present.
            let strong = request.headers["x-signalwire-sha256-signature"]
            let url = publicURL + request.target
            try check(platform) { key throws(SignatureError) in
                try key.checkSignalWire(
                    strong ?? request.headers["x-signalwire-signature"], hash: strong == nil ? .sha1 : .sha256,
                    url: url, body: request.body)
            }
        case .urlAndFields?: try checkFields(request, of: platform, form: form)
        case nil: break
        }
    }

    private func checkFields(
        _ request: WebhookRequest, of platform: any Platform.Type, form: Form
    ) throws(WebhookError) {
        let isJSON = request.method == .post && !request.isForm
        let url = publicURL + request.target
        let signature = request.headers["x-twilio-signature"]
        let hash = try Self.twilioHash(request)
        let fields = request.method == .get ? [] : form.fields
        try check(platform) { key throws(SignatureError) in
            if isJSON {
                try key.checkTwilio(signature, url: url, jsonBody: request.body, hash: hash)
            } else {
                try key.checkTwilio(signature, url: url, fields: fields, hash: hash)
            }
        }
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
        _ form: Form, platform: String, method: WebhookRequest.Method, isVerified: Bool, at now: Double
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
        _ platform: any Platform.Type, _ check: (WebhookSignature) throws(SignatureError) -> Void
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
