public import SidetoneModel

/// Where the logs of past and running calls can be read, whoever keeps them.
public protocol CallLogs: Sendable {
    /// The ids of calls, those that were written to last first.
    func callIDs(limit: Int) async throws -> [String]
    /// The three logs of a call; empty for a call that is not known.
    func log(of call: String) async throws -> [CallLogEntry]
    /// The signals of a call as CloudEvents in JSON.
    func events(of call: String) async throws -> [String]
}
