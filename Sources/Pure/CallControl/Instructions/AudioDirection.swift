/// Which way audio is muted. Assumed, as the words are FreeSWITCH's: `read` is what the platform receives from the call,
/// `write` what it sends to it.
public enum AudioDirection: String, Sendable, Hashable, CaseIterable { case read, write, both }
