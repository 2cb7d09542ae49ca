/// One direction of a call, from the platform's point of view.
public enum TrackRole: String, Sendable, Hashable, CaseIterable {
    /// The caller's voice.
    case inbound
    /// The audio played to the caller.
    case outbound

    /// The other side of the call.
    public var other: TrackRole { self == .inbound ? .outbound : .inbound }

    /// 0 for inbound, 1 for outbound: the channel in `call.wav`, and the index of per-track storage.
    public var index: Int { self == .inbound ? 0 : 1 }
}
