import SidetoneJSON
package import SidetoneModel
package import SidetonePipeline

/// `inbound.jsonl`, `outbound.jsonl`: a track's rows as JSON Lines, one object per row; not-a-number is null.
package final class JSONLinesRows: RowFile {
    package static let name = "rows"
    package static let endings = [FileDeclaration("jsonl", FileDeclaration.jsonLines)]
    package static let summary = "Each track's rows as JSON Lines: start, end, then one member per measure."

    private let lines: LineWriter
    private let grid: FrameGrid
    private var json = JSONWriter()

    package init(_ files: StreamFiles, track: TrackInfo) throws(FileError) {
        lines = try LineWriter(files, name: "\(track.role.rawValue).jsonl")
        grid = track.grid
    }

    package func append(_ block: RowBlock) throws(FileError) {
        json.removeAll()
        for row in 0..<block.count {
            let number = block.firstRow + Int64(row)
            json.beginObject()
            json.member("start", number: block.grid.start(ofRow: number).seconds, decimals: grid.timeDecimals)
            json.member("end", number: block.grid.end(ofRow: number).seconds, decimals: grid.timeDecimals)
            for (index, column) in block.columns.enumerated() {
                json.member(
                    column.name, number: Double(block.values[row * block.columns.count + index]),
                    decimals: column.decimals)
            }
            json.endObject()
            json.endLine()
        }
        lines.text.append(contentsOf: json.bytes)
        try lines.flushIfDue(block.count, on: grid)
    }

    package func close(rows: Int64?) throws(FileError) { try lines.close() }
}
