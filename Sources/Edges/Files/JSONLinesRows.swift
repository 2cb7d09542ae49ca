package import SidetoneModel
package import SidetonePipeline

/// `inbound.jsonl`, `outbound.jsonl`: a track's rows as JSON Lines, one object a row; not-a-number is null.
package final class JSONLinesRows: RowFile {
    package static let name = "rows"
    package static let meaning = "Each track's rows as JSON Lines: start, end, then one member a measure."

    private let lines: LineWriter
    private let rowsPerFlush: Int
    private var json = JSONText()
    private var waiting = 0

    package init(_ files: StreamFiles, _ track: TrackInfo) throws(FileError) {
        lines = try LineWriter(files, "\(track.role.rawValue).jsonl")
        rowsPerFlush = LineWriter.rowsPerFlush(track.grid)
    }

    package func take(_ block: RowBlock) throws(FileError) {
        json.removeAll()
        for row in 0..<block.count {
            let number = block.firstRow + Int64(row)
            json.beginObject()
            json.member("start", block.grid.start(ofRow: number).seconds)
            json.member("end", block.grid.end(ofRow: number).seconds)
            for (index, column) in block.columns.enumerated() {
                json.member(column.name, Double(block.values[row * block.columns.count + index]))
            }
            json.endObject()
            json.endLine()
        }
        lines.text.append(contentsOf: json.bytes)
        waiting += block.count
        guard waiting >= rowsPerFlush else { return try lines.flushIfFull() }
        waiting = 0
        try lines.flush()
    }

    package func close() throws(FileError) { try lines.close() }
}
