import SidetoneCallControl

/// Why a request is not taken: its status and the platform's error body.
struct WebhookRefusal: Error, Sendable, Hashable {
    var status: Int
    var error: PlatformError
    /// Seconds after which another try makes sense.
    var retryAfterS: Int?
    /// The methods that the address takes, where the request's is none of them.
    var allowed: String?

    init(_ status: Int, _ code: String, _ message: String, retryAfterS: Int? = nil) {
        self.status = status
        self.retryAfterS = retryAfterS
        error = PlatformError(code: code, message: message)
    }

    /// A body that cannot be read: names of fields, never what they hold.
    static func malformed(_ findings: Findings) -> WebhookRefusal {
        let isSyntax = findings.all.contains { [.malformed, .tooDeep, .tooLarge].contains($0.code) }
        return WebhookRefusal(
            400, isSyntax ? "invalid_json" : "invalid_request", findings.all.first?.description ?? "is not readable")
    }

    static func method(_ allowed: String) -> WebhookRefusal {
        var refusal = WebhookRefusal(405, "method_not_allowed", "this address takes \(allowed)")
        refusal.allowed = allowed
        return refusal
    }

    static func tooLarge(_ limitKB: Int) -> WebhookRefusal {
        WebhookRefusal(413, "body_too_large", "the body has more than \(limitKB) KiB")
    }

    static func tooSlow(_ seconds: Int) -> WebhookRefusal {
        WebhookRefusal(408, "body_too_slow", "the body did not come within \(seconds) s")
    }

    static let full = WebhookRefusal(
        503, "queue_full", "too many webhooks wait; send this one again later", retryAfterS: 5)
}
