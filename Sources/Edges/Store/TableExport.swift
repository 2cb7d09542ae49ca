import Foundation
import GRDB
import SidetoneModel
import SidetonePipeline

/// Writes a table of a history as text, page by page, so that the process that writes the history is not blocked.
package struct TableExport: Sendable {
    package enum Format: String, CaseIterable, Sendable { case csv, jsonl }

    private let reader: any DatabaseReader
    private let path: String

    /// Opens the history of a directory.
    ///
    /// - Throws: `StoreError`, also if there is none.
    package init(directory: String) throws(StoreError) {
        path = CallDatabase.path(in: directory)
        reader = try CallDatabase.reader(directory: directory)
    }

    /// - Parameters:
    ///   - since: only streams that started, or log lines written, at or after this time; seconds since 1970.
    ///   - write: receives the text in pieces of complete lines.
    /// - Returns: the number of rows.
    /// - Throws: `StoreError`, or the error thrown by `write`.
    package func run(
        _ table: HistoryTable, format: Format, since: Double, write: ([UInt8]) throws -> Void
    ) throws -> Int {
        var text = TableText(table.columns.map(\.name), format)
        try write(text.drain())
        var last: Int64 = -1
        var rows = 0
        while true {
            let page = try page(table, after: last, since: since)
            guard let end = page.last else { return rows }
            last = end
            for row in page.rows { text.add(row) }
            rows += page.rows.count
            try write(text.drain())
        }
    }

    private func page(
        _ table: HistoryTable, after last: Int64, since: Double
    ) throws(StoreError) -> (rows: [[DatabaseValue]], last: Int64?) {
        do {
            return try reader.read { db in
                let keys = try Int64.fetchAll(
                    db, sql: "\(table.key) ORDER BY number LIMIT \(table.keysAPage)", arguments: [last, since])
                guard let first = keys.first, let end = keys.last else { return ([], nil) }
                let rows = try Row.fetchAll(db, sql: table.sql, arguments: [first, end, since])
                return (table == .overview ? rows.flatMap(Self.steps) : rows.map { Array($0.databaseValues) }, end)
            }
        } catch { throw StoreError(error, "read", path) }
    }

    /// The steps of a stored piece, one row each.
    private static func steps(_ row: Row) -> [[DatabaseValue]] {
        guard let role = TrackRole(rawValue: row[2]),
            let piece = OverviewCode.decode(Array(row[5] as Data), steps: row[4], role: role, first: row[3])
        else { return [] }
        func rounded(_ value: Float, scale: Double) -> DatabaseValue {
            value.isNaN ? .null : ((Double(value) * scale).rounded() / scale).databaseValue
        }
        return (0..<piece.count).map { n in
            [
                row[0], row[1], row[2], (Double(piece.first + Int64(n)) / 10).databaseValue,
                rounded(piece.levelDBFS[n], scale: 10), rounded(piece.peakDBFS[n], scale: 10),
                piece.speech[n].databaseValue,
                rounded(piece.f0Hz[n], scale: 10), rounded(piece.waveMin[n], scale: 10_000),
                rounded(piece.waveMax[n], scale: 10_000),
            ]
        }
    }
}
