import GRDB

/// A pending statement with its values.
struct StoreRecord {
    enum Statement: String {
        case openCall = """
            INSERT INTO calls (id, started_at, from_number, to_number) VALUES (?1, ?2,
                (SELECT value FROM log, json_each(details) WHERE call = ?1 AND key = 'from' ORDER BY time DESC LIMIT 1),
                (SELECT value FROM log, json_each(details) WHERE call = ?1 AND key = 'to' ORDER BY time DESC LIMIT 1))
            ON CONFLICT (id) DO UPDATE SET ended_at = NULL
            """
        case openStream = """
            INSERT INTO streams (number, call, id, dialect, codec, sample_rate_hz, started_at)
            VALUES (?, (SELECT number FROM calls WHERE id = ?), ?, ?, ?, ?, ?)
            """
        case openTrack = """
            INSERT INTO tracks (stream, track, sample_rate_hz, window_samples, hop_samples) VALUES (?, ?, ?, ?, ?)
            """
        case folder = "UPDATE streams SET folder = ?2 WHERE number = ?1"
        case signal = """
            INSERT INTO signals (stream, number, time, type, track, start_seconds, end_seconds, event)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """
        case spurt = "INSERT OR REPLACE INTO spurts (stream, track, start_seconds, end_seconds) VALUES (?, ?, ?, ?)"
        case overview = "INSERT INTO overview (stream, track, first, steps, data) VALUES (?, ?, ?, ?, ?)"
        case endTrack = """
            INSERT INTO tracks (stream, track, sample_rate_hz, samples, rows, packets, duplicates, late, reordered, gaps,
                concealed_seconds, jumps, odd_bytes)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            ON CONFLICT (stream, track) DO UPDATE SET samples = ?4, rows = ?5, packets = ?6, duplicates = ?7, late = ?8,
                reordered = ?9, gaps = ?10, concealed_seconds = ?11, jumps = ?12, odd_bytes = ?13
            """
        case endStream = """
            UPDATE streams SET ended_at = ?2, reason = ?3, seconds = ?4, refused_messages = ?5, summary = ?6
            WHERE number = ?1
            """
        case amendSummary = "UPDATE streams SET summary = ?2 WHERE number = ?1"
        case endCall = """
            UPDATE calls SET ended_at = (SELECT max(ended_at) FROM streams WHERE call = calls.number)
            WHERE id = ? AND NOT EXISTS (SELECT 1 FROM streams WHERE call = calls.number AND ended_at IS NULL)
            """
        case log = "INSERT INTO log (time, log, call, event, details) VALUES (?, ?, ?, ?, ?)"
        case from = "UPDATE calls SET from_number = ?2 WHERE id = ?1"
        case to = "UPDATE calls SET to_number = ?2 WHERE id = ?1"
        case recording = "INSERT OR REPLACE INTO recordings (stream, name, bytes, seconds) VALUES (?, ?, ?, ?)"
    }

    let statement: Statement
    let values: [DatabaseValue]
    /// Its approximate size in memory.
    let bytes: Int

    init(_ statement: Statement, _ values: [(any DatabaseValueConvertible)?]) {
        self.statement = statement
        self.values = values.map { $0?.databaseValue ?? .null }
        bytes = self.values.reduce(64) { sum, value in
            switch value.storage {
            case .string(let text): sum + 48 + text.utf8.count
            case .blob(let data): sum + 64 + data.count
            default: sum + 32
            }
        }
    }

    /// Whether it ends a stream or call: the number of these records is bounded by the open streams.
    var isEnd: Bool {
        switch statement {
        case .endTrack, .endStream, .endCall: true
        default: false
        }
    }

    /// - Throws: `DatabaseError`.
    func execute(_ db: Database) throws {
        try db.cachedStatement(sql: statement.rawValue).execute(arguments: StatementArguments(values))
    }
}
