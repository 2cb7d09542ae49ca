/// The direction of muting. Assumed, because the terms are FreeSWITCH's: `read` is what the platform receives from the
/// call, `write` what it sends to it.
public enum AudioDirection: String, Sendable, Hashable, CaseIterable { case read, write, both }
