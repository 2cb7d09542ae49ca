package import SidetoneModel
package import SidetonePipeline

/// Reads use separate connections: they do not wait for writes, and writes do not wait for them.
extension StoreSink: CallHistory {
    private nonisolated var reader: CallReader { CallReader(database.pool, path: database.path) }

    package nonisolated func calls(_ query: CallQuery) async throws -> [CallRecord] { try await reader.calls(query) }
    package nonisolated func call(_ id: String) async throws -> CallRecord? { try await reader.call(id) }
    package nonisolated func events(of call: String) async throws -> [String] { try await reader.events(of: call) }
    package nonisolated func overview(of call: String, from: Double, to: Double) async throws -> [TrackOverview] {
        try await reader.overview(of: call, from: from, to: to)
    }
    package nonisolated func log(of call: String) async throws -> [CallLogEntry] { try await reader.log(of: call) }
    package nonisolated func recordings(
        of call: String?, before: Double?, limit: Int
    ) async throws -> [CallRecording] {
        try await reader.recordings(of: call, before: before, limit: limit)
    }
}
