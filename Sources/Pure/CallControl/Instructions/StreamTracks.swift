public import SidetoneModel

/// Which tracks of a call a stream carries, in MiniVoice's words.
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
