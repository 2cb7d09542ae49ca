import SidetoneCallControl
import SidetoneJSON

/// Why a request is refused: its status and the platform's error body.
struct WebhookError: Error, Sendable, Hashable {
    var status: Int
    var error: PlatformError
    /// Seconds after which a retry is worthwhile.
    var retryAfterS: Int?
    /// The methods that the path accepts, for a request with another method.
    var allowed: String?

    init(_ status: Int, _ code: String, _ message: String, retryAfterS: Int? = nil) {
        self.status = status
        self.retryAfterS = retryAfterS
        error = PlatformError(code: code, message: message)
    }

    /// A body that cannot be read: names of fields, never their values.
    static func malformed(_ findings: Diagnostics) -> WebhookError {
        let isSyntax = findings.all.contains { [.malformed, .tooDeep, .tooLarge].contains($0.code) }
        return WebhookError(
            400, isSyntax ? "invalid_json" : "invalid_request", findings.all.first?.description ?? "is not readable")
    }

    static func method(_ allowed: String) -> WebhookError {
        var refusal = WebhookError(405, "method_not_allowed", "this path accepts \(allowed)")
        refusal.allowed = allowed
        return refusal
    }

    static func tooLarge(_ limitKB: Int) -> WebhookError {
        WebhookError(413, "body_too_large", "the body has more than \(limitKB) KiB")
    }

    static func tooSlow(_ seconds: Int) -> WebhookError {
        WebhookError(408, "body_too_slow", "the body was not complete within \(seconds) s")
    }

    static let full = WebhookError(503, "queue_full", "too many webhooks are waiting; retry later", retryAfterS: 5)

    static let inProgress = WebhookError(
        503, "in_progress", "this event is being written; retry later", retryAfterS: 1)

    static let notWritten = WebhookError(
        503, "not_written", "the event could not be written; retry later", retryAfterS: 5)
}
