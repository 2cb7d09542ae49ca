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

    /// - Parameter now: on a clock that does not step back; an earlier time changes nothing.
    package mutating func refill(at now: NIODeadline) {
        guard let last else {
            self.last = now
            return
        }
        guard now > last else { return }
        level = min(burst, level + Double((now - last).nanoseconds) * perNanosecond)
        self.last = now
    }

    /// Spends so many, also where so many are not there: then there is something to wait for.
    package mutating func spend(_ count: Double) { level -= count }

    /// How long until the level is at zero again; nil where it is not below.
    package var wait: TimeAmount? { level < 0 ? .nanoseconds(Int64((-level / perNanosecond).rounded(.up))) : nil }
}

/// How many a second, and how many at once.
package struct RateLimit: Sendable, Hashable {
    package var perSecond: Double
    package var burst: Double

    /// - Parameters:
    ///   - perSecond: above 0.
    ///   - burst: at least 1.
    package init(perSecond: Double, burst: Double) {
        precondition(perSecond > 0 && burst >= 1, "a rate above 0 and a burst of at least 1")
        self.perSecond = perSecond
        self.burst = burst
    }
}
