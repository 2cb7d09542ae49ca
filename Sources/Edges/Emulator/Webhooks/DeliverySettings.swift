package import SidetoneHTTP

/// How webhooks are delivered. The platforms do not publish theirs: these are **assumed**.
package struct DeliverySettings: Sendable, Hashable {
    /// Attempts of one webhook, 1…20.
    package var attempts = 5
    /// From a first failure to the second attempt, in seconds; doubled with each further one.
    package var firstDelay = 0.5
    /// Never longer than this, in seconds.
    package var mostDelay = 30.0
    /// A receiver's Retry-After is followed up to this, in seconds.
    package var mostRetryAfter = 120.0
    /// For one attempt, in seconds.
    package var timeout = 5.0
    /// Webhooks that may wait for one receiver.
    package var queue = 1_000
    /// Attempts under way to one receiver.
    package var concurrent = 8

    package init() {}

    /// Of the client that delivers: nobody reads the answers' bodies.
    package var limits: WebLimits {
        var limits = WebLimits()
        limits.seconds = timeout
        limits.connectSeconds = min(timeout, limits.connectSeconds)
        limits.answerBytes = 65_536
        return limits
    }
}

/// What became of webhooks.
package struct DeliveryCounts: Sendable, Hashable {
    /// Answered with 2xx.
    package var delivered = 0
    /// Attempts, the successful ones with them.
    package var attempts = 0
    /// Given up after the last attempt, or because the address may not be requested.
    package var givenUp = 0
    /// Never taken, because too many waited.
    package var refused = 0
    /// Still waiting when the time was over.
    package var unfinished = 0
    /// Sent once more on purpose.
    package var duplicated = 0
    /// Put behind the next one on purpose.
    package var reordered = 0
    /// Held back on purpose.
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
