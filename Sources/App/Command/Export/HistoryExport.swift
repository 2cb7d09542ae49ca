import Foundation
import SidetoneFiles
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneStore

/// Writes a table of a call history to a file or to standard output, as `sidetone export` does.
package struct HistoryExport: Sendable {
    package enum Format: String, CaseIterable, Sendable { case csv, jsonl, parquet }

    package static let tables = HistoryTable.allCases.map(\.rawValue)

    private let directory: String
    private let table: HistoryTable
    private let format: Format

    /// - Throws: `HistoryError` when there is no table of that name.
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
    ///   - output: the file, replaced when it is there; nil for standard output.
    /// - Returns: how many rows there were.
    /// - Throws: `HistoryError` with the way out; the file of an earlier run stays as it was then.
    package func run(since: Double, to output: String?) throws(HistoryError) -> Int {
        do {
            let export = try TableExport(directory: directory)
            guard let output else {
                guard format != .parquet else {
                    throw HistoryError(
                        "Parquet cannot go to standard output; name a file: -o \(table.rawValue).parquet")
                }
                let isTerminal = isatty(STDOUT_FILENO) == 1
                return try export.run(table, format: format == .csv ? .csv : .jsonl, since: since) { bytes in
                    try FileHandle.standardOutput.write(contentsOf: isTerminal ? Self.formatted(bytes) : Data(bytes))
                }
            }
            // Whole or not at all.
            let early = "\(output).new"
            defer { try? FileManager.default.removeItem(atPath: early) }
            guard FileManager.default.createFile(atPath: early, contents: nil),
                let file = FileHandle(forWritingAtPath: early)
            else { throw HistoryError("\(early): cannot be written; check the path and the rights of its folder") }
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

    /// For a terminal: whole lines in which nothing acts on it.
    private static func formatted(_ bytes: [UInt8]) -> Data {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        return Data(PrintableText.escaped(text, keepsLines: true).utf8)
    }
}

/// Why a history cannot be read, exported or purged: a sentence with the way out.
package struct HistoryError: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
