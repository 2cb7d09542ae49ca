import GRDB
package import SidetonePipeline

/// Removes calls from a history and, if requested, their folders.
package struct CallPurge {
    /// A call that was removed, or would be in a dry run.
    package struct Call: Sendable, Hashable {
        package var id: String
        package var files: RemovedFiles
    }

    /// Calls per transaction: few, so that the process that writes the history is not blocked.
    private static let batch = 20
    /// Pages of 4 KiB returned to the file system at a time.
    private static let vacuumPages = 1_000

    private let writer: any DatabaseWriter
    private let path: String
    /// Nil if folders are kept.
    private let folders: (any StreamFolders)?
    /// Dry run: only determines what would be removed.
    private let isTrial: Bool
    /// Prevents a pipeline from starting meanwhile, if none is running.
    private var lock: HistoryLock?

    init(writer: any DatabaseWriter, path: String, folders: (any StreamFolders)?, isTrial: Bool = false) {
        self.writer = writer
        self.path = path
        self.folders = folders
        self.isTrial = isTrial
    }

    /// Opens the history of a directory, also while another process writes it. If none does, streams that a killed process
    /// left open are first ended as lost.
    ///
    /// - Parameters:
    ///   - folders: the folders of the directory.
    ///   - removesFolders: whether the folders of the calls are removed, too.
    ///   - isTrial: dry run.
    /// - Throws: `StoreError`, also when there is no history.
    package init(
        directory: String, folders: any StreamFolders, removesFolders: Bool, isTrial: Bool
    ) throws(StoreError) {
        let path = CallDatabase.path(in: directory)
        let writer = try CallDatabase.existing(directory, readonly: isTrial)
        self.init(writer: writer, path: path, folders: removesFolders ? folders : nil, isTrial: isTrial)
        guard !isTrial else { return }
        do throws(StoreError) { lock = try HistoryLock(directory: directory) } catch {
            guard error.code == .inUse else { throw error }
            return
        }
        try write { db in _ = try LostStreams.end(db, folders: folders) }
    }

    /// Removes the calls that ended before a given time, and older log lines that belong to no call.
    ///
    /// - Parameters:
    ///   - moment: seconds since 1970.
    ///   - limit: maximum number of calls.
    ///   - removed: called for each removed call, oldest first.
    /// - Returns: whether all were removed.
    /// - Throws: `StoreError`, or why a folder could not be removed; calls removed until then stay removed.
    @discardableResult
    package func run(endedBefore moment: Double, limit: Int = .max, removed: (Call) -> Void) throws -> Bool {
        var last: (Double, Int64) = (-.infinity, 0)
        var left = limit
        while left > 0 {
            let calls = try read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT number, id, ended_at FROM calls
                        WHERE ended_at < ? AND (ended_at, number) > (?, ?) ORDER BY ended_at, number LIMIT ?
                        """, arguments: [moment, last.0, last.1, min(left, Self.batch)])
            }
            guard let end = calls.last else { break }
            left -= calls.count
            last = (end["ended_at"], end["number"])
            try remove(calls.map { ($0["number"], $0["id"]) }, removed: removed)
        }
        guard !isTrial else { return true }
        try write { db in
            try db.execute(
                sql: """
                    DELETE FROM log WHERE number IN (
                        SELECT number FROM log WHERE time < ? AND call NOT IN (SELECT id FROM calls) LIMIT ?)
                    """, arguments: [moment, max(Self.batch, left)])
        }
        try vacuum(limit: limit / Self.batch + 1)
        return left > 0
    }

    /// Removes calls by their ids.
    ///
    /// - Throws: `StoreError` before anything is removed, if one is unknown or has a stream that is still open.
    package func run(calls ids: [String], removed: (Call) -> Void) throws {
        var calls: [(number: Int64, id: String)] = []
        for id in ids where !calls.contains(where: { $0.id == id }) {
            let call = try read { db in
                try Row.fetchOne(db, sql: "SELECT number, ended_at FROM calls WHERE id = ?", arguments: [id])
            }
            guard let call else {
                throw StoreError(.unknownName, path, "contains no call \"\(id)\"; nothing was removed")
            }
            let endedAt: Double? = call["ended_at"]
            guard endedAt != nil else {
                throw StoreError(
                    .stillOpen, path, "call \"\(id)\" has a stream that is still open; nothing was removed")
            }
            calls.append((call["number"], id))
        }
        try remove(calls, removed: removed)
        if !isTrial { try vacuum(limit: .max) }
    }

    private func remove(_ calls: [(number: Int64, id: String)], removed: (Call) -> Void) throws {
        for call in calls {
            // Folders first: if that fails, the history still lists them.
            let files = try removeFolders(ofCall: call.number)
            if !isTrial {
                try write { db in
                    // A stream of the call may have opened in the meantime.
                    try db.execute(
                        sql: "DELETE FROM calls WHERE number = ? AND ended_at IS NOT NULL", arguments: [call.number])
                    if db.changesCount > 0 {
                        try db.execute(sql: "DELETE FROM log WHERE call = ?", arguments: [call.id])
                    }
                }
            }
            removed(Call(id: call.id, files: files))
        }
    }

    private func removeFolders(ofCall number: Int64) throws -> RemovedFiles {
        var removed = RemovedFiles()
        guard let folders else { return removed }
        let paths = try read { db in
            try String.fetchAll(
                db, sql: "SELECT DISTINCT folder FROM streams WHERE call = ? AND folder IS NOT NULL ORDER BY folder",
                arguments: [number])
        }
        for path in paths {
            removed += try folders.remove(path.split(separator: "/").map(String.init), isTrial: isTrial)
        }
        return removed
    }

    /// Returns free pages to the file system, a few at a time.
    private func vacuum(limit: Int) throws {
        var free = Int.max
        var done = 0
        while done < limit {
            done += 1
            let left = try read { db in try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0 }
            guard left > 0, left < free else { return }
            free = left
            do {
                try writer.writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA incremental_vacuum(\(Self.vacuumPages))")
                }
            } catch { throw StoreError(error, "write", path) }
        }
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try writer.read(body) } catch { throw StoreError(error, "read", path) }
    }

    private func write(_ body: (Database) throws -> Void) throws(StoreError) {
        do { try writer.write(body) } catch { throw StoreError(error, "write", path) }
    }
}
