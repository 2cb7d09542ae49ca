package import SidetoneModel

/// A call of which data was stored.
package struct ArchivedCall: Sendable, Hashable {
    package var id: String
    /// The time of its latest entry, seconds since 1970.
    package var writtenAt: Double

    package init(id: String, writtenAt: Double) {
        self.id = id
        self.writtenAt = writtenAt
    }
}

/// The start and end of a stream of a call.
package struct ArchivedStream: Sendable, Hashable {
    /// Seconds since 1970; nil if not recorded.
    package var startedAt: Double?
    /// Nil while it is running, or if not recorded.
    package var endedAt: Double?
    /// The `EndReason`; nil while it is running.
    package var reason: String?
    /// Its duration in samples; nil while it is running, or if not recorded.
    package var seconds: Double?

    package init(startedAt: Double?, endedAt: Double?, reason: String?, seconds: Double? = nil) {
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.reason = reason
        self.seconds = seconds
    }
}

/// Access to past and running calls, independent of their storage.
package protocol CallLogs: Sendable {
    /// The calls with the latest entries, newest first.
    func newestCalls(limit: Int) async throws -> [ArchivedCall]
    /// The three logs of a call; empty for an unknown call.
    func log(of call: String) async throws -> [CallLogEntry]
    /// The signals of a call as CloudEvents in JSON.
    func events(of call: String) async throws -> [String]
    /// The streams of a call in order, the only information about a call without logs.
    func streams(of call: String) async throws -> [ArchivedStream]
}
