package import SidetoneHTTP

/// The delivery settings of webhooks. The platforms do not publish theirs: these are **assumed**.
package struct DeliverySettings: Sendable, Hashable {
    /// Maximum attempts per webhook, 1…20.
    package var attempts = 5
    /// Seconds from the first failure to the second attempt; doubled for each further one.
    package var firstDelay = 0.5
    /// Maximum delay, in seconds.
    package var mostDelay = 30.0
    /// Maximum Retry-After that is honoured, in seconds.
    package var mostRetryAfter = 120.0
    /// Time limit of one attempt, in seconds.
    package var timeout = 5.0
    /// Maximum queued webhooks per receiver.
    package var queue = 1_000
    /// Maximum concurrent attempts per receiver.
    package var concurrent = 8

    package init() {}

    /// Limits of the HTTP client: response bodies are not used.
    package var limits: WebLimits {
        var limits = WebLimits()
        limits.seconds = timeout
        limits.connectSeconds = min(timeout, limits.connectSeconds)
        limits.answerBytes = 65_536
        return limits
    }
}

/// The results of webhooks.
package struct DeliveryCounts: Sendable, Hashable {
    /// Answered with 2xx.
    package var delivered = 0
    /// Attempts, including successful ones.
    package var attempts = 0
    /// Abandoned after the last attempt, or because the address must not be requested.
    package var givenUp = 0
    /// Refused, because the queue was full.
    package var refused = 0
    /// Still queued at the deadline.
    package var unfinished = 0
    /// Duplicated by the fault plan.
    package var duplicated = 0
    /// Reordered by the fault plan.
    package var reordered = 0
    /// Delayed by the fault plan.
    package var delayed = 0

    package init() {}

    package mutating func add(_ other: DeliveryCounts) {
        delivered += other.delivered
        attempts += other.attempts
        givenUp += other.givenUp
        refused += other.refused
        unfinished += other.unfinished
        duplicated += other.duplicated
        reordered += other.reordered
        delayed += other.delayed
    }
}
