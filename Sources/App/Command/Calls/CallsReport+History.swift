import SidetoneConfiguration
import SidetoneFiles
package import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneStore

extension CallsReport {
    /// Reads the call history of an output directory if it has one, otherwise the logs in its folders.
    /// - Throws: `Diagnostics` when the directory does not exist, or the history cannot be read.
    package static func reading(_ directory: String) throws(Diagnostics) -> CallsReport {
        do throws(StoreError) {
            let logs = ArchivedLogs(
                history: try CallReader(directory: directory), folder: try? CallLogFolder(directory))
            return CallsReport(logs, now: WallClock.now)
        } catch {
            guard error.code != .notFound else { return try CallsReport(directory: directory) }
            throw Diagnostics(Diagnostic(file: error.path, line: 1, wrong: error.detail))
        }
    }
}

/// The logs of a history. A call that is not, or no longer, in the history may still have a folder.
private struct ArchivedLogs: CallLogs {
    let history: CallReader
    let folder: CallLogFolder?

    func newestCalls(limit: Int) async throws -> [ArchivedCall] {
        let known = try await history.newestCalls(limit: limit)
        let ids = Set(known.map(\.id))
        let others = try folder?.newestCalls(limit: limit).filter { !ids.contains($0.id) } ?? []
        return Array((known + others).sorted { $0.writtenAt > $1.writtenAt }.prefix(limit))
    }

    func log(of call: String) async throws -> [CallLogEntry] {
        let entries = try await history.log(of: call)
        guard !entries.isEmpty else { return try folder?.log(of: call) ?? [] }
        let unverified = try folder?.unverifiedLog(of: call) ?? []
        return unverified.isEmpty ? entries : (entries + unverified).sorted { $0.time < $1.time }
    }

    func events(of call: String) async throws -> [String] {
        let events = try await history.events(of: call)
        return events.isEmpty ? try folder?.events(of: call) ?? [] : events
    }

    func streams(of call: String) async throws -> [ArchivedStream] {
        let streams = try await history.streams(of: call)
        return streams.isEmpty ? folder?.streams(of: call) ?? [] : streams
    }
}
