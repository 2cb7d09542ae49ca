import NIOCore
import SidetoneWebSocket

/// Decides when reading from a stream pauses: when its media is too far ahead of real time, or when it sends too many
/// messages without media.
///
/// The lead is the position of the media on the call clock minus the time since its first packet. A late stream may catch
/// up at once; reading from an early one pauses until its media is due.
struct MediaGovernor {
    enum Verdict: Equatable {
        case goOn
        /// Reading pauses until then.
        case wait(until: NIODeadline)
        /// The limit of messages without media is exceeded.
        case tooManyEvents
    }

    /// After a pause the stream is this far below the limit, so that several packets are read at a time.
    static let step = 0.25

    /// Nil if the lead is not limited.
    private let maxLeadS: Double?
    private var events: TokenBucket
    private var startedAt: NIODeadline?
    private var lastPosition = 0.0
    /// The duration of previous segments: each starts at zero.
    private var earlier = 0.0

    /// - Parameters:
    ///   - maxLeadS: seconds; nil for no limit.
    ///   - events: the limit of messages without media.
    init(maxLeadS: Double?, events: RateLimit) {
        self.maxLeadS = maxLeadS
        self.events = TokenBucket(events)
    }

    /// After each message.
    ///
    /// - Parameters:
    ///   - hasMedia: whether the message contained a media packet.
    ///   - position: the position of the stream's media, in seconds on the call clock.
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
        // Bounded: nanoseconds of an absurd position would overflow.
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
