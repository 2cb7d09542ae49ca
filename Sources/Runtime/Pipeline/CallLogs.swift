public import SidetoneModel

/// A call that somebody kept something of.
public struct KeptCall: Sendable, Hashable {
    public var id: String
    /// When something of it was written last, seconds since 1970.
    public var writtenAt: Double

    public init(id: String, writtenAt: Double) {
        self.id = id
        self.writtenAt = writtenAt
    }
}

/// When a stream of a call began and ended.
public struct KeptStream: Sendable, Hashable {
    /// Seconds since 1970; nil where nobody kept it.
    public var startedAt: Double?
    /// Nil while it runs, or where nobody kept it.
    public var endedAt: Double?
    /// How it ended, as `EndReason`; nil while it runs.
    public var reason: String?
    /// Its span by its samples; nil while it runs, or where nobody kept it.
    public var seconds: Double?

    public init(startedAt: Double?, endedAt: Double?, reason: String?, seconds: Double? = nil) {
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.reason = reason
        self.seconds = seconds
    }
}

/// Where past and running calls can be read, whoever keeps them.
public protocol CallLogs: Sendable {
    /// The calls that were written to last, the newest first.
    func newestCalls(limit: Int) async throws -> [KeptCall]
    /// The three logs of a call; empty for a call that is not known.
    func log(of call: String) async throws -> [CallLogEntry]
    /// The signals of a call as CloudEvents in JSON.
    func events(of call: String) async throws -> [String]
    /// The streams of a call, the first one first: all that is known of a call whose logs nobody kept.
    func streams(of call: String) async throws -> [KeptStream]
}
