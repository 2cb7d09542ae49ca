public import SidetoneHTTP

/// How webhooks are delivered. The platforms do not publish theirs: these are **assumed**.
public struct DeliverySettings: Sendable, Hashable {
    /// Attempts of one webhook, 1…20.
    public var attempts = 5
    /// From a first failure to the second attempt, in seconds; doubled with each further one.
    public var firstDelay = 0.5
    /// Never longer than this, in seconds.
    public var mostDelay = 30.0
    /// A receiver's Retry-After is followed up to this, in seconds.
    public var mostRetryAfter = 120.0
    /// For one attempt, in seconds.
    public var timeout = 5.0
    /// Webhooks that may wait for one receiver.
    public var queue = 1_000
    /// Attempts under way to one receiver.
    public var concurrent = 8

    public init() {}

    /// Of the client that delivers: nobody reads the answers' bodies.
    public var limits: WebLimits {
        var limits = WebLimits()
        limits.seconds = timeout
        limits.connectSeconds = min(timeout, limits.connectSeconds)
        limits.answerBytes = 65_536
        return limits
    }
}

/// What became of webhooks.
public struct DeliveryCounts: Sendable, Hashable {
    /// Answered with 2xx.
    public var delivered = 0
    /// Attempts, the successful ones with them.
    public var attempts = 0
    /// Given up after the last attempt, or because the address may not be requested.
    public var givenUp = 0
    /// Never taken, because too many waited.
    public var refused = 0
    /// Still waiting when the time was over.
    public var unfinished = 0
    /// Sent once more on purpose.
    public var duplicated = 0
    /// Put behind the next one on purpose.
    public var reordered = 0
    /// Held back on purpose.
    public var delayed = 0

    public init() {}

    public mutating func add(_ other: DeliveryCounts) {
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
