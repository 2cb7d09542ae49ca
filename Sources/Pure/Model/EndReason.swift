/// How a stream ended. Every way ends it alike; this only says which it was.
public enum EndReason: String, Sendable, CaseIterable {
    /// The platform ended it, or the file is over.
    case stop
    /// The connection was closed, though the platform announces the end of its streams.
    case closed
    /// The connection broke.
    case reset
    /// Nothing came for too long, or a ping was not answered.
    case timeout
    /// The server was told to stop.
    case shutdown
    /// The platform sent another `start` on the same socket: the next segment of the call follows.
    case restarted
    /// The peer broke the protocol.
    case violation
}
