import Foundation
import SidetoneFiles
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneStore

/// Writes a table of a call history to a file or to standard output, for `sidetone export`.
package struct HistoryExport: Sendable {
    package enum Format: String, CaseIterable, Sendable { case csv, jsonl, parquet }

    package static let tables = HistoryTable.allCases.map(\.rawValue)

    private let directory: String
    private let table: HistoryTable
    private let format: Format

    /// - Throws: `HistoryError` for an unknown table.
    package init(directory: String, table: String, format: Format) throws(HistoryError) {
        guard let found = HistoryTable(rawValue: table) else {
            let hint = NearestWord.question(table, in: Self.tables).map { $0 + " " } ?? ""
            throw HistoryError(
                "--table is \"\(table)\"; \(hint)Available: \(Self.tables.joined(separator: ", "))")
        }
        self.directory = directory
        self.table = found
        self.format = format
    }

    /// - Parameters:
    ///   - since: seconds since 1970.
    /// - output: the file, replaced if it exists; nil for standard output.
    /// - Returns: the number of rows.
    /// - Throws: `HistoryError` with a remedy; an existing file then remains unchanged.
    package func run(since: Double, to output: String?) throws(HistoryError) -> Int {
        do {
            let export = try TableExport(directory: directory)
            guard let output else {
                guard format != .parquet else {
                    throw HistoryError(
                        "Parquet cannot be written to standard output; specify a file: -o \(table.rawValue).parquet")
                }
                let isTerminal = isatty(STDOUT_FILENO) == 1
                return try export.run(table, format: format == .csv ? .csv : .jsonl, since: since) { bytes in
                    try FileHandle.standardOutput.write(contentsOf: isTerminal ? Self.formatted(bytes) : Data(bytes))
                }
            }
            // Written completely or not at all.
            let early = "\(output).new"
            defer { try? FileManager.default.removeItem(atPath: early) }
            guard FileManager.default.createFile(atPath: early, contents: nil),
                let file = FileHandle(forWritingAtPath: early)
            else { throw HistoryError("\(early): cannot be written; check the path and the permissions of its folder") }
            let rows = try export.run(table, format: format == .csv ? .csv : .jsonl, since: since) {
                try file.write(contentsOf: Data($0))
            }
            try file.close()
            if format == .parquet {
                try DuckDBStep(table: table.rawValue, columns: table.columns.map { ($0.name, $0.kind.rawValue) })
                    .convert(early, to: output, directory: directory)
            } else {
                guard rename(early, output) == 0 else {
                    throw HistoryError("\(output): cannot be replaced: \(String(cString: strerror(errno)))")
                }
            }
            return rows
        } catch let error as HistoryError {
            throw error
        } catch { throw HistoryError("\(error)") }
    }

    /// For a terminal: whole lines without control characters.
    private static func formatted(_ bytes: [UInt8]) -> Data {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        return Data(PrintableText.escaped(text, keepsLines: true).utf8)
    }
}

/// Why a history cannot be read, exported or purged, with a remedy.
package struct HistoryError: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
