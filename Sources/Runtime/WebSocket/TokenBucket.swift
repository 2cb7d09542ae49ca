package import NIOCore

/// A sustained rate with a bounded burst.
///
///     var bucket = TokenBucket(RateLimit(perSecond: 100, burst: 1_000))
///     bucket.refill(at: now)
///     bucket.spend(1)
///     if let wait = bucket.wait { … }
package struct TokenBucket: Sendable {
    private let perNanosecond: Double
    private let burst: Double
    private var level: Double
    private var last: NIODeadline?

    package init(_ limit: RateLimit) {
        perNanosecond = limit.perSecond / 1e9
        burst = limit.burst
        level = limit.burst
    }

    /// - Parameter now: on a clock that does not step back; an earlier time has no effect.
    package mutating func refill(at now: NIODeadline) {
        guard let last else {
            self.last = now
            return
        }
        guard now > last else { return }
        level = min(burst, level + Double((now - last).nanoseconds) * perNanosecond)
        self.last = now
    }

    /// Spends tokens, even if there are too few; the balance is then negative.
    package mutating func spend(_ count: Double) { level -= count }

    /// The time until the balance is no longer negative; nil if it is not.
    package var wait: TimeAmount? { level < 0 ? .nanoseconds(Int64((-level / perNanosecond).rounded(.up))) : nil }
}

/// A rate per second and a maximum burst.
package struct RateLimit: Sendable, Hashable {
    package var perSecond: Double
    package var burst: Double

    /// - Parameters:
    ///   - perSecond: above 0.
    ///   - burst: at least 1.
    package init(perSecond: Double, burst: Double) {
        precondition(perSecond > 0 && burst >= 1, "the rate must be positive and the burst at least 1")
        self.perSecond = perSecond
        self.burst = burst
    }
}
