import GRDB
package import SidetonePipeline

/// Removes calls from a history, and their folders where asked for.
package struct CallPurge {
    /// What was removed.
    package struct Removed: Sendable, Hashable {
        /// The calls' ids, the oldest first.
        package var calls: [String] = []
        package var files = RemovedFiles()
    }

    /// Calls of one transaction: short, so that the process that writes the history goes on.
    private static let batch = 20
    /// Pages that are given back to the file system at once, of 4 KiB each.
    private static let vacuumPages = 1_000

    let writer: any DatabaseWriter
    let path: String
    /// Nil where folders stay.
    let folders: (any StreamFolders)?
    /// Only finds out what would be removed.
    var isTrial = false

    /// Removes the calls that ended before a moment, and the lines of the logs from before it that belong to no call.
    ///
    /// - Parameter moment: seconds since 1970.
    /// - Throws: `StoreError`, or what keeps a folder from being removed; what was removed until then stays removed.
    package func run(endedBefore moment: Double) throws -> Removed {
        var removed = Removed()
        var last: (Double, Int64) = (-.infinity, 0)
        while true {
            let calls = try read { db in
                try Row.fetchAll(
                    db,
                    sql: """
                        SELECT number, id, ended_at FROM calls
                        WHERE ended_at < ? AND (ended_at, number) > (?, ?) ORDER BY ended_at, number LIMIT ?
                        """, arguments: [moment, last.0, last.1, Self.batch])
            }
            guard let end = calls.last else { break }
            last = (end["ended_at"], end["number"])
            try remove(calls.map { ($0["number"], $0["id"]) }, &removed)
        }
        if !isTrial {
            try write { db in
                try db.execute(
                    sql: "DELETE FROM log WHERE time < ? AND call NOT IN (SELECT id FROM calls)", arguments: [moment])
            }
            try vacuum()
        }
        return removed
    }

    /// Removes calls by their ids.
    ///
    /// - Throws: `StoreError` before anything is removed, when one is not known or has a stream that is still open.
    package func run(calls ids: [String]) throws -> Removed {
        var calls: [(Int64, String)] = []
        for id in ids where !calls.contains(where: { $0.1 == id }) {
            let call = try read { db in
                try Row.fetchOne(db, sql: "SELECT number, ended_at FROM calls WHERE id = ?", arguments: [id])
            }
            guard let call else { throw StoreError(.unknownName, path, "holds no call \"\(id)\"; nothing was removed") }
            let endedAt: Double? = call["ended_at"]
            guard endedAt != nil else {
                throw StoreError(
                    .stillOpen, path, "call \"\(id)\" has a stream that is still open; nothing was removed")
            }
            calls.append((call["number"], id))
        }
        var removed = Removed()
        try remove(calls, &removed)
        if !isTrial { try vacuum() }
        return removed
    }

    private func remove(_ calls: [(number: Int64, id: String)], _ removed: inout Removed) throws {
        for call in calls {
            // First the folders: where that fails, the index still knows them.
            if let folders {
                let paths = try read { db in
                    try String.fetchAll(
                        db, sql: "SELECT folder FROM streams WHERE call = ? AND folder IS NOT NULL",
                        arguments: [call.number])
                }
                for path in Set(paths).sorted() {
                    removed.files += try folders.remove(path.split(separator: "/").map(String.init), isTrial: isTrial)
                }
            }
            removed.calls.append(call.id)
        }
        guard !isTrial else { return }
        try write { db in
            for call in calls {
                // A stream of the call may have opened meanwhile.
                try db.execute(
                    sql: "DELETE FROM calls WHERE number = ? AND ended_at IS NOT NULL", arguments: [call.number])
                if db.changesCount > 0 {
                    try db.execute(sql: "DELETE FROM log WHERE call = ?", arguments: [call.id])
                }
            }
        }
    }

    /// Gives room back to the file system, a little at a time.
    private func vacuum() throws {
        var free = Int.max
        while true {
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
