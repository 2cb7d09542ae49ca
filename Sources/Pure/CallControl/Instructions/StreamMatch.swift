/// Selects the streams of a call that a stop ends.
public enum StreamMatch: Sendable, Hashable {
    /// Every stream with this URL and these tracks; nil matches any. That a stop with neither ends every stream is
    /// assumed: MiniVoice does not document it.
    case matching(url: String?, tracks: StreamTracks?)
    case controlID(String)
    /// The active stream that started last. Assumed for the case that the latest stream has already stopped.
    case mostRecent
}
