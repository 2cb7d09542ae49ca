import NIOCore
import SidetoneWebSocket

/// Decides when a stream has to wait: when its media leads real time, and when it sends too much that is not media.
///
/// The lead is how far the media has come on the call clock, less the time since its first packet. A stream that was late
/// may catch up at once; one that is early is not read until its time.
struct MediaGovernor {
    enum Verdict: Equatable {
        case goOn
        /// Nothing more is to be read until then.
        case wait(until: NIODeadline)
        /// More messages without media than allowed.
        case tooManyEvents
    }

    /// After a wait the stream is so far below the limit, so that it is read some packets at a time.
    static let step = 0.25

    /// nil: the media may lead by any time.
    private let maxLeadS: Double?
    private var events: TokenBucket
    private var startedAt: NIODeadline?
    private var lastPosition = 0.0
    /// Of the segments before this one: each begins at zero.
    private var earlier = 0.0

    /// - Parameters:
    ///   - maxLeadS: seconds; nil for any.
    ///   - events: messages without media.
    init(maxLeadS: Double?, events: RateLimit) {
        self.maxLeadS = maxLeadS
        self.events = TokenBucket(events)
    }

    /// After each message.
    ///
    /// - Parameters:
    ///   - hasMedia: whether the message held a media packet.
    ///   - position: how far the stream's media has come, in seconds on the call clock.
    ///   - now: when the message was read.
    mutating func verdict(hasMedia: Bool, position: Double, now: NIODeadline) -> Verdict {
        guard hasMedia else {
            events.refill(at: now)
            events.spend(1)
            return events.wait == nil ? .goOn : .tooManyEvents
        }
        guard let maxLeadS else { return .goOn }
        let start = startedAt ?? now
        startedAt = start
        if position < lastPosition { earlier += lastPosition }
        lastPosition = position
        let lead = earlier + position - Double((now - start).nanoseconds) / 1e9
        guard lead > maxLeadS else { return .goOn }
        // Bounded: a position of centuries is a number of nanoseconds that does not fit.
        let wait = min(lead - maxLeadS + min(Self.step, maxLeadS / 2), 86_400)
        return .wait(until: now + .nanoseconds(Int64(wait * 1e9)))
    }

    // MARK: The share of a loop

    /// How many times as long as its work took a stream within a long gap leaves the loop to others: it has a fifth of it.
    static let rest: Int64 = 4
    /// After a part that took unusually long, the stream goes on all the same.
    static let longestRest = TimeAmount.milliseconds(50)

    /// When a stream may go on that had more work than its messages bring: a gap of minutes is emitted part by part.
    static func resumption(startedAt: NIODeadline, now: NIODeadline) -> NIODeadline {
        now + max(.milliseconds(1), min((now - startedAt) * rest, longestRest))
    }
}
