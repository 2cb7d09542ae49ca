import Foundation
import GRDB
package import SidetoneModel
package import SidetonePipeline

/// Reads calls from a history.
package struct CallReader: CallHistory, CallLogs {
    /// Maximum rows per result.
    static let limit = 100_000

    let reader: any DatabaseReader
    let path: String

    init(_ reader: any DatabaseReader, path: String) {
        self.reader = reader
        self.path = path
    }

    /// Opens the history of a directory, also while another process writes it.
    ///
    /// - Throws: `StoreError`, also if there is none.
    package init(directory: String) throws(StoreError) {
        self.init(try CallDatabase.reader(directory: directory), path: CallDatabase.path(in: directory))
    }

    package func calls(_ query: CallQuery) async throws -> [CallRecord] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        switch query.state {
        case .active: conditions.append("ended_at IS NULL")
        case .ended: conditions.append("ended_at IS NOT NULL")
        case .all: break
        }
        if let before = query.before {
            // Row values compare lexicographically; an empty id precedes every other.
            conditions.append("(started_at, id) < (?, ?)")
            arguments += [before, query.beforeID ?? ""]
        }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        arguments += [max(0, min(query.limit, Self.limit))]
        let sql = "SELECT * FROM calls \(condition) ORDER BY started_at DESC, id DESC LIMIT ?"
        let values = arguments
        return try await read { db in
            try Row.fetchAll(db, sql: sql, arguments: values).map { try Self.record($0, db: db) }
        }
    }

    package func call(_ id: String) async throws -> CallRecord? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM calls WHERE id = ?", arguments: [id])
                .map { try Self.record($0, db: db) }
        }
    }

    package func events(of call: String) async throws -> [String] {
        try await read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT signals.event FROM signals JOIN streams ON streams.number = signals.stream
                    JOIN calls ON calls.number = streams.call WHERE calls.id = ?
                    ORDER BY signals.stream, signals.number LIMIT ?
                    """, arguments: [call, Self.limit])
        }
    }

    package func overview(of call: String, from: Double, to: Double) async throws -> [TrackOverview] {
        let stepSeconds = Double(TrackOverview.stepMs) / 1_000
        guard from < to, to >= 0, from <= 1e9 else { return [] }
        let range =
            Int64(max(0, (from / stepSeconds).rounded(.down)))..<Int64(min(1e10, (to / stepSeconds).rounded(.up)))
        let stored = try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM (
                        SELECT overview.*, overview.first + CAST(round((streams.started_at - min(streams.started_at)
                            OVER ()) / ?1) AS INTEGER) AS place
                        FROM calls JOIN streams ON streams.call = calls.number
                        LEFT JOIN overview ON overview.stream = streams.number WHERE calls.id = ?2)
                    WHERE steps IS NOT NULL AND place < ?4 AND place + steps > ?3 ORDER BY track, place LIMIT ?5
                    """, arguments: [stepSeconds, call, range.lowerBound, range.upperBound, Self.limit]
            ).compactMap { row -> TrackOverview? in
                guard let role = TrackRole(rawValue: row["track"]) else { return nil }
                return OverviewCode.decode(
                    Array(row["data"] as Data), steps: row["steps"], role: role, first: row["place"])
            }
        }
        var pieces: [TrackOverview] = []
        for case let piece? in stored.map({ $0.steps(in: range) }) {
            if let last = pieces.indices.last, pieces[last].role == piece.role, pieces[last].end == piece.first {
                pieces[last].join(piece)
            } else {
                pieces.append(piece)
            }
        }
        return pieces
    }

    package func log(of call: String) async throws -> [CallLogEntry] {
        try await read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM log WHERE call = ? ORDER BY time, number LIMIT ?",
                arguments: [call, Self.limit])
            return try rows.compactMap { row in
                guard let log = CallLogEntry.Log(rawValue: row["log"]) else { return nil }
                return CallLogEntry(
                    time: row["time"], log: log, call: call, event: row["event"],
                    values: try Self.values(row["details"], db: db))
            }
        }
    }

    package func recordings(of call: String?, before: Double?, limit: Int) async throws -> [CallRecording] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT calls.id AS call, streams.id AS stream, streams.started_at, streams.folder, recordings.name,
                        recordings.bytes, recordings.seconds
                    FROM streams JOIN calls ON calls.number = streams.call
                    JOIN recordings ON recordings.stream = streams.number
                    WHERE (?1 IS NULL OR calls.id = ?1) AND (?2 IS NULL OR streams.started_at < ?2)
                    ORDER BY streams.started_at DESC, streams.number DESC, recordings.name LIMIT ?3
                    """, arguments: [call, before, max(0, min(limit, Self.limit))]
            ).map { row in
                CallRecording(
                    call: row["call"], stream: row["stream"], startedAt: row["started_at"],
                    folder: Self.path(row["folder"]),
                    file: RecordedFile(name: row["name"], bytes: row["bytes"], seconds: row["seconds"]))
            }
        }
    }

    package func newestCalls(limit: Int) async throws -> [ArchivedCall] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, max(time) AS time FROM (
                        SELECT id, started_at AS time FROM calls UNION ALL
                        SELECT call, max(time) FROM log WHERE call <> '' GROUP BY call)
                    GROUP BY id ORDER BY max(time) DESC, id DESC LIMIT ?
                    """, arguments: [max(0, min(limit, Self.limit))]
            ).map { ArchivedCall(id: $0["id"], writtenAt: $0["time"]) }
        }
    }

    package func streams(of call: String) async throws -> [ArchivedStream] {
        try await self.call(call)?.streams.map {
            ArchivedStream(startedAt: $0.startedAt, endedAt: $0.endedAt, reason: $0.reason, seconds: $0.seconds)
        } ?? []
    }

    /// Problems found by SQLite's own checks; empty if the file is sound.
    package func problems() async throws -> [String] {
        try await read { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
                + Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map {
                    "a row of \($0["table"] as String) references nothing"
                }
        }
    }

    private static func record(_ call: Row, db: Database) throws -> CallRecord {
        let number: Int64 = call["number"]
        let streams = try db.cachedStatement(
            sql: "SELECT * FROM streams WHERE call = ? ORDER BY started_at, number LIMIT 1000")
        return CallRecord(
            id: call["id"], startedAt: call["started_at"], endedAt: call["ended_at"], from: call["from_number"],
            to: call["to_number"],
            streams: try Row.fetchAll(streams, arguments: [number]).map { stream in
                CallRecord.Stream(
                    id: stream["id"], dialect: stream["dialect"], codec: stream["codec"],
                    sampleRateHz: stream["sample_rate_hz"], startedAt: stream["started_at"],
                    endedAt: stream["ended_at"], reason: stream["reason"], seconds: stream["seconds"],
                    folder: path(stream["folder"]),
                    summary: stream["summary"])
            })
    }

    /// The members of an object in order, parsed by SQLite.
    private static func values(_ json: String, db: Database) throws -> [Signal.Entry] {
        let members = try db.cachedStatement(sql: "SELECT key, type, value FROM json_each(?)")
        return try Row.fetchAll(members, arguments: [json]).map { member in
            let value: Signal.Value =
                switch member["type"] as String {
                case "integer": .integer(member["value"])
                case "real": .number(member["value"])
                case "true": .flag(true)
                case "false": .flag(false)
                case "null": .number(.nan)
                default: .text(member["value"])
                }
            return Signal.Entry(member["key"], value)
        }
    }

    private static func path(_ folder: String?) -> [String] {
        (folder ?? "").split(separator: "/").map(String.init)
    }

    private func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await reader.read(body) } catch { throw StoreError(error, "read", path) }
    }
}
