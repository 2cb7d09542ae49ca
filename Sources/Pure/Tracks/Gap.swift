/// A stretch of the track without packets: concealed for at most 60 ms, then silent.
public struct Gap: Sendable, Hashable {
    public enum Cause: String, Sendable {
        /// Packets were lost: their sequence numbers or positions are missing.
        case lost
        /// The platform sent nothing: the numbering of its packets is continuous.
        case notSent = "not_sent"
    }

    public var first: Int64
    public var count: Int64
    public var cause: Cause

    public init(first: Int64, count: Int64, cause: Cause) {
        self.first = first
        self.count = count
        self.cause = cause
    }
}
