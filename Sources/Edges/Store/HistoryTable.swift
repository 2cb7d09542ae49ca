/// A table of a history as exported: with ids instead of numbers, times as text, and the overview as values.
package enum HistoryTable: String, CaseIterable, Sendable {
    case calls, streams, tracks, spurts, signals, totals, recordings, log, overview

    /// The type of a column, by its DuckDB name.
    package enum Kind: String, Sendable {
        case text = "VARCHAR"
        case time = "TIMESTAMP"
        case number = "DOUBLE"
        case integer = "BIGINT"
    }

    package struct Column: Sendable, Hashable {
        package var name: String
        package var kind: Kind
        /// The SQL expression of its values.
        var sql: String

        init(_ name: String, _ kind: Kind, _ sql: String? = nil) {
            self.name = name
            self.kind = kind
            let sql = sql ?? "t.\(name)"
            // RFC 3339 in UTC with milliseconds.
            self.sql = kind == .time ? "strftime('%Y-%m-%dT%H:%M:%fZ', \(sql), 'unixepoch')" : sql
        }
    }

    package var columns: [Column] {
        switch self {
        case .calls:
            [
                Column("call", .text, "t.id"), Column("started_at", .time), Column("ended_at", .time),
                Column("seconds", .number, "ROUND(t.ended_at - t.started_at, 3)"),
                Column("streams", .integer, "(SELECT count(*) FROM streams WHERE call = t.number)"),
                Column("from_number", .text), Column("to_number", .text),
            ]
        case .streams:
            Self.ids + [
                Column("dialect", .text), Column("codec", .text), Column("sample_rate_hz", .integer),
                Column("started_at", .time), Column("ended_at", .time), Column("reason", .text),
                Column("folder", .text), Column("seconds", .number), Column("refused_messages", .integer),
            ]
        case .tracks:
            Self.ids + [Column("track", .text)]
                + [
                    "sample_rate_hz", "window_samples", "hop_samples", "samples", "rows", "packets", "duplicates",
                    "late", "reordered", "gaps", "jumps", "odd_bytes",
                ].map { Column($0, .integer) } + [Column("concealed_seconds", .number)]
        case .spurts:
            Self.ids + [
                Column("track", .text), Column("start_seconds", .number), Column("end_seconds", .number),
            ]
        case .signals:
            Self.ids + [
                Column("number", .integer), Column("time", .time), Column("type", .text), Column("track", .text),
                Column("start_seconds", .number), Column("end_seconds", .number), Column("event", .text),
            ]
        case .totals:
            Self.ids + [Column("track", .text)]
                + StoreSchema.totalsColumns.map { Column($0, StoreSchema.isCount($0) ? .integer : .number) }
        case .recordings:
            Self.ids + [
                Column("folder", .text, "s.folder"), Column("name", .text), Column("bytes", .integer),
                Column("seconds", .number),
            ]
        case .log:
            [
                Column("time", .time), Column("log", .text), Column("call", .text), Column("event", .text),
                Column("details", .text),
            ]
        case .overview:
            Self.ids + [
                Column("track", .text), Column("start_seconds", .number), Column("level_dbfs", .number),
                Column("peak_dbfs", .number), Column("speech", .integer), Column("f0_hz", .number),
                Column("wave_min", .number), Column("wave_max", .number),
            ]
        }
    }

    private static let ids = [Column("call", .text, "c.id"), Column("stream", .text, "s.id")]

    /// Selects the keys that divide the table into pages: a page is a range of keys.
    var key: String {
        switch self {
        case .calls: "SELECT number FROM calls WHERE number > ?1 AND started_at >= ?2"
        case .log: "SELECT number FROM log WHERE number > ?1 AND time >= ?2"
        default: "SELECT number FROM streams WHERE number > ?1 AND started_at >= ?2"
        }
    }

    /// Keys per page: fewer if a key has many rows.
    var keysAPage: Int {
        switch self {
        case .overview: 1
        case .signals, .spurts: 20
        default: 1_000
        }
    }

    /// The rows of a page, from one key to another.
    var sql: String {
        let shown =
            self == .overview ? ["c.id", "s.id", "t.track", "t.first", "t.steps", "t.data"] : columns.map(\.sql)
        let list = shown.joined(separator: ", ")
        switch self {
        case .calls:
            return
                "SELECT \(list) FROM calls AS t WHERE t.number BETWEEN ? AND ? AND t.started_at >= ? ORDER BY t.number"
        case .log:
            return "SELECT \(list) FROM log AS t WHERE t.number BETWEEN ? AND ? AND t.time >= ? ORDER BY t.number"
        case .streams:
            return """
                SELECT \(list.replacingStreamID) FROM streams AS t JOIN calls AS c ON c.number = t.call
                WHERE t.number BETWEEN ? AND ? AND t.started_at >= ? ORDER BY t.number
                """
        default:
            let order =
                switch self {
                case .signals: "t.number"
                case .spurts: "t.track, t.start_seconds"
                case .recordings: "t.name"
                case .overview: "t.track, t.first"
                default: "t.track"
                }
            return """
                SELECT \(list) FROM \(rawValue) AS t JOIN streams AS s ON s.number = t.stream
                JOIN calls AS c ON c.number = s.call
                WHERE s.number BETWEEN ? AND ? AND s.started_at >= ? ORDER BY s.number, \(order)
                """
        }
    }
}

extension String {
    /// The query of streams refers to the table itself.
    fileprivate var replacingStreamID: String {
        split(separator: ", ", omittingEmptySubsequences: false).map { $0 == "s.id" ? "t.id" : $0 }
            .joined(separator: ", ")
    }
}
