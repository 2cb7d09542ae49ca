import Foundation

/// Converts JSON Lines to Parquet with DuckDB, installed as a program or as a Python module.
struct DuckDBStep {
    let table: String
    /// Names and types of the columns, needed for tables without rows.
    let columns: [(name: String, type: String)]

    /// - Throws: `HistoryError` when DuckDB is not installed, or fails.
    func convert(_ lines: String, to output: String, directory: String) throws {
        let sql = sql(lines, output: output)
        let (program, arguments) =
            if let duckdb = Self.find("duckdb") {
                (duckdb, ["-c", sql])
            } else if let python = Self.python() {
                (python, ["-c", "import sys, duckdb; duckdb.sql(sys.argv[1])", sql])
            } else {
                throw HistoryError(
                    """
                    Parquet requires DuckDB, which was not found: install it (pip install duckdb, or the duckdb program from \
                    duckdb.org), or export JSON Lines and run it elsewhere:
                      sidetone export --directory \(directory) --table \(table) --format jsonl -o \(table).jsonl
                      duckdb -c "\(self.sql("\(table).jsonl", output: output))"
                    """)
            }
        let (status, messages) = try Self.run(program, arguments: arguments)
        guard status == 0 else {
            throw HistoryError("\(output): DuckDB (\(program)) ended with status \(status): \(messages)")
        }
    }

    /// The statement; column types are stated, not inferred.
    func sql(_ lines: String, output: String) -> String {
        let types = columns.map { "\($0.name): '\($0.type)'" }.joined(separator: ", ")
        return "COPY (SELECT * FROM read_json(\(Self.quoted(lines)), format = 'newline_delimited', "
            + "columns = {\(types)})) TO \(Self.quoted(output)) (FORMAT parquet)"
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// A Python interpreter that has the module.
    private static func python() -> String? {
        ["python3", "python"].compactMap(find).first { python in
            (try? run(python, arguments: ["-c", "import duckdb"]))?.status == 0
        }
    }

    private static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func run(_ program: String, arguments: [String]) throws -> (status: Int32, messages: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let messages = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = messages
        try process.run()
        let output = try messages.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output.suffix(2_000), as: UTF8.self))
    }
}
