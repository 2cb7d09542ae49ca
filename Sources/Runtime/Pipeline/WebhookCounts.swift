/// Counters of a webhook receiver.
package struct WebhookCounts: Sendable, Hashable {
    /// Events written and acknowledged, each counted once.
    package var accepted = 0
    /// Repeated deliveries.
    package var repeated = 0
    /// Documents served by the answer_url.
    package var answered = 0
    /// Rejected: without a valid signature (401), unreadable (400), too large (413), too slow (408), no capacity (503),
    /// not written (503), and other reasons.
    package var unauthorized = 0
    package var malformed = 0
    package var tooLarge = 0
    package var tooSlow = 0
    package var full = 0
    package var notWritten = 0
    package var otherwise = 0

    package init() {}

    /// Rejections by reason.
    package var refusals: [String: Int] {
        [
            "full": full, "malformed": malformed, "not_written": notWritten, "other": otherwise, "too_large": tooLarge,
            "too_slow": tooSlow,
            "unauthorized": unauthorized,
        ]
    }

    /// All rejections.
    package var refused: Int { unauthorized + malformed + tooLarge + tooSlow + full + notWritten + otherwise }

    /// Counts a rejection by its HTTP status.
    package mutating func count(_ status: Int) {
        switch status {
        case 400: malformed += 1
        case 401: unauthorized += 1
        case 408: tooSlow += 1
        case 413: tooLarge += 1
        case 503: full += 1
        default: otherwise += 1
        }
    }
}
