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

/// The logs that a history keeps.
public struct CallHistoryLogs: CallLogs {
    private let history: any CallHistory

    public init(_ history: any CallHistory) { self.history = history }

    public func callIDs(limit: Int) async throws -> [String] {
        try await history.calls(CallQuery(state: .all, limit: limit)).map(\.id)
    }
    public func log(of call: String) async throws -> [CallLogEntry] { try await history.log(of: call) }
    public func events(of call: String) async throws -> [String] { try await history.events(of: call) }
}
