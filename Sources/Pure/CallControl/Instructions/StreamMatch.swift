/// Which of a call's streams a stop means.
public enum StreamMatch: Sendable, Hashable {
    /// Every stream that has this URL and these tracks, as far as they are given. That a stop which gives neither means
    /// every stream is assumed; MiniVoice's pages leave it open.
    case matching(url: String?, tracks: StreamTracks?)
    case controlID(String)
    /// The one started last of those that run. Where the one started last of all has stopped already, that is assumed.
    case mostRecent
}
