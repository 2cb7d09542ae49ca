public import SidetoneModel

/// Which tracks the audio of a stream holds, and how.
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
