/// Something about a call that its logs show together and none of them shows alone.
public struct CallFinding: Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// A stream ran, and no webhook said that the call is over.
        case completionMissing = "completion.missing"
        /// The call was completed, and no stream of it came.
        case streamMissing = "stream.missing"
        case mediaBeforeAnswer = "media.before_answer"
        /// A stream ended long after the call, or still runs.
        case streamEndedLate = "stream.ended_late"
        /// The last stream ended long before the call.
        case streamEndedEarly = "stream.ended_early"
        /// The receiver's clock differs from the platform's.
        case clockSkew = "clock.skew"
        /// A track sounds like another codec than the announced one.
        case codecSuspected = "codec.suspected"
    }

    public var code: Code
    /// What is the matter, in a sentence.
    public var detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(detail) [\(code.rawValue)]" }
}
