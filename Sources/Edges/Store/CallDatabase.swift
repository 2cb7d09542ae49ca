import Foundation
import GRDB
import Synchronization

/// The open file of a history: one writing connection, and a few concurrent readers (SQLite's write-ahead log).
final class CallDatabase: Sendable {
    static let fileName = "calls.sqlite"

    let path: String
    let pool: DatabasePool
    private let lock: Mutex<HistoryLock?>

    static func path(in directory: String) -> String { "\(directory)/\(fileName)" }

    /// Opens the history of a directory for writing, creates it if necessary, and migrates its tables.
    ///
    /// - Throws: `StoreError`, also if another process writes it.
    init(directory: String) throws(StoreError) {
        path = Self.path(in: directory)
        lock = Mutex(try HistoryLock(directory: directory))
        pool = try Self.pool(path)
    }

    private static func pool(_ path: String) throws(StoreError) -> DatabasePool {
        var configuration = Configuration()
        // Longer than any transaction of `purge`; the sink's queue buffers more than a second.
        configuration.busyMode = .timeout(0.25)
        configuration.maximumReaderCount = 3
        configuration.prepareDatabase { db in
            guard !db.configuration.readonly else { return }
            // Takes effect only in a new file, before its first table.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = StoreSchema.migrator
            guard !(try pool.read { db in try migrator.hasBeenSuperseded(db) }) else {
                throw StoreError(
                    .newer, path, "was written by a newer version of sidetone; use that one, or another directory")
            }
            try migrator.migrate(pool)
            return pool
        } catch { throw StoreError(error, "open", path) }
    }

    /// Opens an existing history for reading, also while another process writes it.
    ///
    /// - Throws: `StoreError`, also if there is none.
    static func reader(directory: String) throws(StoreError) -> DatabaseQueue {
        let queue = try existing(directory, readonly: true)
        do {
            let migrator = StoreSchema.migrator
            if try queue.read({ db in try migrator.hasCompletedMigrations(db) }) { return queue }
            try queue.close()
        } catch { throw StoreError(error, "read", path(in: directory)) }
        // An older version: its tables are migrated first.
        return try existing(directory, readonly: false)
    }

    /// Opens an existing history for reading and short writes while another process writes it.
    static func existing(_ directory: String, readonly: Bool) throws(StoreError) -> DatabaseQueue {
        let path = path(in: directory)
        guard access(path, F_OK) == 0 else {
            throw StoreError(
                .notFound, path,
                "does not exist; a pipeline with the sink - store: { directory: \(directory) } writes it")
        }
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(5)
        do {
            let queue = try open(path, configuration: configuration)
            let migrator = StoreSchema.migrator
            guard !(try queue.read { db in try migrator.hasBeenSuperseded(db) }) else {
                throw StoreError(.newer, path, "was written by a newer version of sidetone; use that one")
            }
            if !readonly { try migrator.migrate(queue) }
            return queue
        } catch {
            if access(directory, W_OK) != 0, (error as? DatabaseError)?.resultCode == .SQLITE_READONLY {
                throw StoreError(
                    .readOnly, path,
                    "was written by an older version of sidetone and must be migrated, but \(directory) is read-only; "
                        + "copy the directory to a writable file system")
            }
            throw StoreError(error, "open", path)
        }
    }

    /// Opens the file; on a read-only file system without SQLite's auxiliary files.
    private static func open(_ path: String, configuration: Configuration) throws -> DatabaseQueue {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // Opening alone reads nothing.
            _ = try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") }
            return queue
        } catch {
            guard configuration.readonly, isReadOnly(path) else { throw error }
            let unreserved = CharacterSet(
                charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
            let encoded = path.addingPercentEncoding(withAllowedCharacters: unreserved) ?? path
            return try DatabaseQueue(path: "file:\(encoded)?immutable=1", configuration: configuration)
        }
    }

    /// Whether the folder of the file is not writable. Changes that another process has not yet written back to the file
    /// are not visible then: SQLite's write-ahead log needs a shared-memory file beside it.
    private static func isReadOnly(_ path: String) -> Bool {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return access(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder, W_OK) != 0
    }

    /// Writes records in one transaction, all or none; a record that violates a constraint is skipped, for example one of
    /// a call that was purged.
    ///
    /// - Returns: the number of skipped records.
    func write(_ records: ArraySlice<StoreRecord>) throws(StoreError) -> Int {
        do {
            return try pool.write { db in
                var refused = 0
                for record in records {
                    do { try record.execute(db) } catch let error as DatabaseError
                        where error.resultCode == .SQLITE_CONSTRAINT
                    {
                        refused += 1
                    }
                }
                return refused
            }
        } catch { throw StoreError(error, "write", path) }
    }

    /// Closes the file and releases its lock. Safe to call twice.
    func close() {
        // The writing connection must close last: only it writes the write-ahead log back to the file.
        pool.invalidateReadOnlyConnections()
        try? pool.close()
        lock.withLock { $0 = nil }
    }
}
