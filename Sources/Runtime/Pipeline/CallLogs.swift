package import SidetoneModel

/// A call that somebody kept something of.
package struct ArchivedCall: Sendable, Hashable {
    package var id: String
    /// When something of it was written last, seconds since 1970.
    package var writtenAt: Double

    package init(id: String, writtenAt: Double) {
        self.id = id
        self.writtenAt = writtenAt
    }
}

/// When a stream of a call began and ended.
package struct ArchivedStream: Sendable, Hashable {
    /// Seconds since 1970; nil where nobody kept it.
    package var startedAt: Double?
    /// Nil while it runs, or where nobody kept it.
    package var endedAt: Double?
    /// How it ended, as `EndReason`; nil while it runs.
    package var reason: String?
    /// Its span by its samples; nil while it runs, or where nobody kept it.
    package var seconds: Double?

    package init(startedAt: Double?, endedAt: Double?, reason: String?, seconds: Double? = nil) {
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.reason = reason
        self.seconds = seconds
    }
}

/// Where past and running calls can be read, whoever keeps them.
package protocol CallLogs: Sendable {
    /// The calls that were written to last, the newest first.
    func newestCalls(limit: Int) async throws -> [ArchivedCall]
    /// The three logs of a call; empty for a call that is not known.
    func log(of call: String) async throws -> [CallLogEntry]
    /// The signals of a call as CloudEvents in JSON.
    func events(of call: String) async throws -> [String]
    /// The streams of a call, the first one first: all that is known of a call whose logs nobody kept.
    func streams(of call: String) async throws -> [ArchivedStream]
}
