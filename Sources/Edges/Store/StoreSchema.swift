import GRDB

/// The tables of `calls.sqlite` as migrations. A published migration is never changed; a new one is added.
enum StoreSchema {
    /// Marks the file as Sidetone's for `file` and others: "SDTN".
    static let applicationID = 0x5344_544E

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: version1)
        }
        return migrator
    }

    private static let version1 = """
        CREATE TABLE calls (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            started_at REAL NOT NULL,
            ended_at REAL,
            from_number TEXT,
            to_number TEXT
        );
        CREATE INDEX calls_by_start ON calls (started_at, id);
        CREATE INDEX calls_by_end ON calls (ended_at);

        CREATE TABLE streams (
            number INTEGER PRIMARY KEY,
            call INTEGER NOT NULL REFERENCES calls (number) ON DELETE CASCADE,
            id TEXT NOT NULL,
            dialect TEXT NOT NULL,
            codec TEXT NOT NULL,
            sample_rate_hz INTEGER NOT NULL,
            started_at REAL NOT NULL,
            ended_at REAL,
            reason TEXT,
            folder TEXT,
            seconds REAL,
            refused_messages INTEGER,
            summary TEXT
        );
        CREATE INDEX streams_by_call ON streams (call);
        CREATE INDEX streams_by_start ON streams (started_at);
        CREATE INDEX open_streams ON streams (number) WHERE ended_at IS NULL;

        CREATE TABLE tracks (
            stream INTEGER NOT NULL REFERENCES streams (number) ON DELETE CASCADE,
            track TEXT NOT NULL,
            sample_rate_hz INTEGER NOT NULL,
            window_samples INTEGER,
            hop_samples INTEGER,
            samples INTEGER,
            rows INTEGER,
            packets INTEGER,
            duplicates INTEGER,
            late INTEGER,
            reordered INTEGER,
            gaps INTEGER,
            concealed_seconds REAL,
            jumps INTEGER,
            odd_bytes INTEGER,
            PRIMARY KEY (stream, track)
        ) WITHOUT ROWID;

        CREATE TABLE spurts (
            stream INTEGER NOT NULL REFERENCES streams (number) ON DELETE CASCADE,
            track TEXT NOT NULL,
            start_seconds REAL NOT NULL,
            end_seconds REAL NOT NULL,
            PRIMARY KEY (stream, track, start_seconds)
        ) WITHOUT ROWID;

        CREATE TABLE signals (
            stream INTEGER NOT NULL REFERENCES streams (number) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            time REAL NOT NULL,
            type TEXT NOT NULL,
            track TEXT,
            start_seconds REAL NOT NULL,
            end_seconds REAL,
            event TEXT NOT NULL,
            PRIMARY KEY (stream, number)
        ) WITHOUT ROWID;

        CREATE TABLE overview (
            stream INTEGER NOT NULL REFERENCES streams (number) ON DELETE CASCADE,
            track TEXT NOT NULL,
            first INTEGER NOT NULL,
            steps INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (stream, track, first)
        ) WITHOUT ROWID;

        CREATE TABLE recordings (
            stream INTEGER NOT NULL REFERENCES streams (number) ON DELETE CASCADE,
            name TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            seconds REAL NOT NULL,
            PRIMARY KEY (stream, name)
        ) WITHOUT ROWID;

        CREATE TABLE log (
            number INTEGER PRIMARY KEY,
            time REAL NOT NULL,
            log TEXT NOT NULL,
            call TEXT NOT NULL,
            event TEXT NOT NULL,
            details TEXT NOT NULL
        );
        CREATE INDEX log_by_call ON log (call, time);
        CREATE INDEX log_by_time ON log (time);

        CREATE VIEW totals AS
        SELECT s.number AS stream, t.value AS track, \(totals)
        FROM streams AS s, json_each('["inbound","outbound"]') AS t
        WHERE json_extract(s.summary, '$.totals') IS NOT NULL;
        """

    /// The members of a side's totals in `summary.json`, as columns.
    private static let totals =
        totalsColumns
        .map { "json_extract(s.summary, '$.totals.' || t.value || '.\($0)') AS \($0)" }.joined(separator: ", ")

    static let totalsColumns = [
        "speech_seconds", "talk_spurts", "talk_share", "talk_ratio_of_call", "active_level_dbfs", "f0_median_hz",
        "f0_p05_hz", "f0_p95_hz", "syllables_per_second", "interruptions", "backchannels",
        "longest_monologue_seconds", "response_latency_count", "response_latency_median_seconds",
        "response_latency_p90_seconds", "gaps", "gap_seconds",
    ]

    /// Whether a column of the totals is a count and holds integers.
    static func isCount(_ column: String) -> Bool {
        ["talk_spurts", "interruptions", "backchannels", "response_latency_count", "gaps"].contains(column)
    }
}
