import ArgumentParser
import Foundation

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a table of the call history as CSV, JSON Lines or Parquet.",
        discussion: """
            The history is DIR/calls.sqlite, which the `store` sink writes; it can be read while a pipeline runs. In CSV, \
            text that a spreadsheet would interpret as a formula is prefixed with an apostrophe. Parquet requires DuckDB, \
            installed as the program duckdb or as the Python module.
            """)

    @Option(help: "Output directory of the pipeline.")
    var directory: String = "out"

    @Option(help: "Table: one of \(HistoryExport.tables.joined(separator: ", ")).")
    var table: String = "calls"

    @Option(help: "Only rows that started since then: an age such as 7d or 12h, a date, or an RFC 3339 time.")
    var since: String?

    @Option(help: "Format: csv, jsonl or parquet.", transform: Self.format)
    var format: HistoryExport.Format = .csv

    @Option(name: .shortAndLong, help: "Output file; by default standard output.")
    var output: String?

    func run() async throws {
        var moment = -Double.greatestFiniteMagnitude
        if let since {
            guard let read = TimeArgument.read(since, now: Date().timeIntervalSince1970) else {
                throw ValidationError("--since is \"\(since)\"; expected \(TimeArgument.allowed)")
            }
            moment = read
        }
        do throws(HistoryError) {
            let export = try HistoryExport(directory: directory, table: table, format: format)
            let rows = try export.run(since: moment, to: output)
            if let output { Console.log("\(rows) rows in \(output)") }
        } catch { throw CommandFailure(message: "\(error)", code: 2) }
    }

    private static func format(_ text: String) throws -> HistoryExport.Format {
        guard let format = HistoryExport.Format(rawValue: text) else {
            throw ValidationError("--format is \"\(text)\"; expected csv, jsonl or parquet")
        }
        return format
    }
}
