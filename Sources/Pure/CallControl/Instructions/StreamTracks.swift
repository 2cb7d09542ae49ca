public import SidetoneModel

/// The tracks of a stream, in MiniVoice's terms.
public enum StreamTracks: String, Sendable, Hashable, CaseIterable {
    case inbound, outbound, both

    public var roles: [TrackRole] {
        switch self {
        case .inbound: [.inbound]
        case .outbound: [.outbound]
        case .both: [.inbound, .outbound]
        }
    }
}
