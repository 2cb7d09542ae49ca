/// A stretch of the track where packets never came: concealed for at most 60 ms, then silent.
public struct Gap: Sendable, Hashable {
    public enum Cause: String, Sendable {
        /// Packets were lost: their places or numbers are missing.
        case lost
        /// The platform sent nothing: its packets are numbered without a break.
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
