import Foundation
import GRDB
import SidetoneAnalysis
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneStore

@Suite struct TableExportTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func export(
        _ table: HistoryTable, format: TableExport.Format = .csv, since: Double = -.greatestFiniteMagnitude
    ) throws -> (rows: Int, text: String) {
        var bytes: [UInt8] = []
        let rows = try TableExport(directory: directory.path).run(table, format: format, since: since) { bytes += $0 }
        return (rows, String(decoding: bytes, as: UTF8.self))
    }

    private func makeHistory(_ calls: Int = 3) async throws {
        let folders = MadeUpFolders()
        let sink = try makeSink(directory, folders: folders) { $0.keepNumbers = true }
        for n in 0..<calls {
            folders.put([RecordedFile(name: "call.wav", bytes: 64_044, seconds: 2)], in: "CA\(n)/MZ\(n)")
            let stream = makeStream("MZ\(n)", call: "CA\(n)", at: noon + Double(n) * 60, from: "+4930111222")
            let entry = CallLogEntry(
                time: noon + Double(n) * 60, log: .receiver, call: "CA\(n)", event: "stream.opened",
                values: [.init("note", .text("says \"hello\", twice\nand more"))])
            var items = makeCall(stream, ends: false)
            items.append(.stream(stream, .ended(makeSummary(totals: noTotals))))
            try await sink.write([.log(entry)] + items)
        }
        try await sink.close()
    }

    @Test(arguments: HistoryTable.allCases)
    func `every table has its columns and its rows`(table: HistoryTable) async throws {
        try await makeHistory()
        let csv = try export(table)
        let lines = csv.text.components(separatedBy: "\r\n")
        #expect(lines.first == table.columns.map(\.name).joined(separator: ","))
        #expect(lines.last == "")
        let expected: [HistoryTable: Int] = [
            .calls: 3, .streams: 3, .tracks: 6, .spurts: 6, .signals: 12, .totals: 6, .recordings: 3, .log: 3,
            .overview: 120,
        ]
        #expect(csv.rows == expected[table])
        #expect(lines.count == csv.rows + 2)
        let json = try export(table, format: .jsonl)
        #expect(json.rows == csv.rows)
        for line in json.text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(Set(object?.keys.map { $0 } ?? []) == Set(table.columns.map(\.name)))
        }
    }

    @Test func `times are RFC 3339, and only streams since a given time are exported`() async throws {
        try await makeHistory()
        let calls = try export(.calls, since: noon + 60)
        #expect(calls.rows == 2)
        #expect(calls.text.contains("CA1,2026-03-01T12:01:00.000Z,2026-03-01T12:01:02.000Z,2.0,1,'+4930111222,\r\n"))
        for table in HistoryTable.allCases { #expect(try export(table, since: noon + 1_000).rows == 0, "\(table)") }
    }

    @Test func `cells are quoted by RFC 4180, and no text can be interpreted as a formula`() {
        var text = TableText(["a", "b"], .csv)
        let cells: [(any DatabaseValueConvertible)?] = [
            "plain", nil, "a,b", "say \"hi\"", "two\r\nlines", "=1+1", "+49", "-1", "@x", "\tx", -1, 2.5, "",
        ]
        for cell in cells { text.add([cell?.databaseValue ?? .null, 1.databaseValue]) }
        let lines = String(decoding: text.drain(), as: UTF8.self)
        #expect(
            lines == "a,b\r\nplain,1\r\n,1\r\n\"a,b\",1\r\n\"say \"\"hi\"\"\",1\r\n\"two\r\nlines\",1\r\n'=1+1,1\r\n"
                + "'+49,1\r\n'-1,1\r\n'@x,1\r\n'\tx,1\r\n-1,1\r\n2.5,1\r\n,1\r\n")
    }

    @Test func `pages contain every row once`() async throws {
        let sink = try makeSink(directory)
        for n in 0..<1_203 {
            let stream = makeStream("MZ\(n)", call: "CA\(n)", at: noon)
            try await sink.write([.stream(stream, .opened), .stream(stream, .ended(makeSummary()))])
        }
        try await sink.close()
        let streams = try export(.streams)
        #expect(streams.rows == 1_203)
        #expect(Set(streams.text.components(separatedBy: "\r\n")).count == 1_205)
    }

    @Test func `an error of the output ends the export`() async throws {
        try await makeHistory()
        struct Full: Error {}
        #expect(throws: Full.self) {
            try TableExport(directory: directory.path).run(.calls, format: .csv, since: 0) { _ in throw Full() }
        }
    }
}
