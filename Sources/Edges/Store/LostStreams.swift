import GRDB
import SidetonePipeline

/// Streams left open by a killed process.
enum LostStreams {
    /// Ends open streams as `lost`, at the last time known of them, and lists their recordings.
    ///
    /// - Returns: the number of these streams.
    static func end(_ db: Database, folders: any StreamFolders) throws -> Int {
        let lost = try Row.fetchAll(db, sql: "SELECT number, folder FROM streams WHERE ended_at IS NULL")
        guard !lost.isEmpty else { return 0 }
        try db.execute(
            sql: """
                UPDATE streams SET reason = 'lost', ended_at = max(
                    started_at,
                    ifnull((SELECT max(time) FROM signals WHERE stream = streams.number), 0),
                    started_at + ifnull(
                        (SELECT max(first + steps) FROM overview WHERE stream = streams.number), 0) * \(stepSeconds))
                WHERE ended_at IS NULL;
                """)
        try db.execute(
            sql: """
                UPDATE streams SET seconds = ROUND(ended_at - started_at, 3) WHERE reason = 'lost' AND seconds IS NULL;
                UPDATE calls SET ended_at = (SELECT max(ended_at) FROM streams WHERE call = calls.number)
                WHERE ended_at IS NULL;
                """)
        for stream in lost {
            let number: Int64 = stream["number"]
            guard let folder: String = stream["folder"] else { continue }
            for file in folders.recordings(in: folder.split(separator: "/").map(String.init)) {
                try StoreRecord(.recording, [number, file.name, file.bytes, file.seconds]).execute(db)
            }
        }
        return lost.count
    }

    private static let stepSeconds = Double(TrackOverview.stepMs) / 1_000
}
