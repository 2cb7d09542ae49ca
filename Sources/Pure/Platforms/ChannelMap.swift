public import SidetoneModel

/// The assignment of a stream's audio to tracks.
public enum ChannelMap: Sendable, Hashable {
    /// Each packet names its track.
    case named
    /// One channel in which both sides are mixed. It is the inbound track: the call has no other.
    case mixed
    /// One channel of each track, sample by sample.
    case interleaved([TrackRole])

    /// The tracks that a stream can have.
    public var tracks: [TrackRole] {
        switch self {
        case .named: TrackRole.allCases
        case .mixed: [.inbound]
        case .interleaved(let roles): roles
        }
    }
}
