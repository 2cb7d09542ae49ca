/// An active stream.
public struct ActiveStream: Sendable, Hashable {
    /// Unique among the call's active streams.
    public var controlID: String
    public var request: StreamRequest
}
