import Foundation
import GRDB
import SidetoneJSON

/// Rows as CSV (RFC 4180, lines end in CR LF, a header line) or as JSON Lines (one object per row).
///
/// In CSV, text that a spreadsheet would interpret as a formula, because it begins with `=`, `+`, `-`, `@`, a tab or a
/// carriage return, is prefixed with an apostrophe (OWASP, CSV Injection). Numbers and JSON Lines are not changed.
struct TableText {
    private let names: [String]
    private let format: TableExport.Format
    private var bytes: [UInt8] = []
    private var json = JSONWriter()

    init(_ names: [String], _ format: TableExport.Format) {
        self.names = names
        self.format = format
        if format == .csv { bytes = Array((names.joined(separator: ",") + "\r\n").utf8) }
    }

    mutating func add(_ row: [DatabaseValue]) {
        switch format {
        case .csv:
            for (n, value) in row.enumerated() {
                if n > 0 { bytes.append(UInt8(ascii: ",")) }
                addCell(value)
            }
            bytes += [0x0D, 0x0A]
        case .jsonl:
            json.removeAll()
            json.beginObject()
            for (name, value) in zip(names, row) {
                json.key(name)
                switch value.storage {
                case .null: json.null()
                case .int64(let integer): json.value(integer)
                case .double(let number): json.value(number)
                case .string(let text): json.value(text)
                case .blob(let data): json.value(data.base64EncodedString())
                }
            }
            json.endObject()
            json.endLine()
            bytes += json.bytes
        }
    }

    /// The lines since the last call.
    mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func addCell(_ value: DatabaseValue) {
        switch value.storage {
        case .null: break
        case .int64(let integer): bytes += Array(integer.description.utf8)
        case .double(let number): bytes += Array(number.description.utf8)
        case .string(let text): addCell(text)
        case .blob(let data): addCell(data.base64EncodedString())
        }
    }

    private mutating func addCell(_ text: String) {
        var cell = Array(text.utf8)
        if let first = cell.first, Array("=+-@\t\r".utf8).contains(first) { cell.insert(UInt8(ascii: "'"), at: 0) }
        let special: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: ","), 0x0A, 0x0D]
        let needsQuotes = cell.contains { special.contains($0) }
        guard needsQuotes else {
            bytes += cell
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in cell {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
