/// One direction of a call, as the platform sees it.
public enum TrackRole: String, Sendable, Hashable, CaseIterable {
    /// What the caller says.
    case inbound
    /// What the caller hears.
    case outbound

    /// The other side of the call.
    public var other: TrackRole { self == .inbound ? .outbound : .inbound }

    /// 0 for inbound, 1 for outbound: the channel in `call.wav`, and the index of per-track storage.
    public var index: Int { self == .inbound ? 0 : 1 }
}
