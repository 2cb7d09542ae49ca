/// A problem of a call that only its logs together show.
public struct CallFinding: Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// A stream ended, but no webhook reported the end of the call.
        case completionMissing = "completion.missing"
        /// The call was completed, but no stream of it arrived.
        case streamMissing = "stream.missing"
        case mediaBeforeAnswer = "media.before_answer"
        /// A stream ended long after the call, or is still active.
        case streamEndedLate = "stream.ended_late"
        /// The last stream ended long before the call.
        case streamEndedEarly = "stream.ended_early"
        /// The receiver's clock differs from the platform's.
        case clockSkew = "clock.skew"
        /// A track sounds like another codec than the announced one.
        case codecSuspected = "codec.suspected"
    }

    public var code: Code
    /// The description, a sentence.
    public var detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(detail) [\(code.rawValue)]" }
}
