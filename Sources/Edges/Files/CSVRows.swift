package import SidetoneModel
package import SidetonePipeline

/// `inbound.csv`, `outbound.csv`: a track's rows, `start,end` in seconds, then the columns. RFC 4180 with `\n` as line end, which pandas,
/// DuckDB and spreadsheets accept; an empty cell is not-a-number.
package final class CSVRows: RowFile {
    package static let name = "csv"
    package static let endings = [FileDeclaration("csv", FileDeclaration.csv)]
    package static let summary = "Each track's rows as CSV: start, end, then one column per measure."

    private let lines: LineWriter
    private let grid: FrameGrid
    private let decimals: [Int]
    private let timeDecimals: Int
    /// One line, with room for the longest.
    private var line: [UInt8]

    package init(_ files: StreamFiles, track: TrackInfo) throws(FileError) {
        lines = try LineWriter(files, name: "\(track.role.rawValue).csv")
        grid = track.grid
        decimals = track.columns.map(\.decimals)
        line = [UInt8](repeating: 0, count: (track.columns.count + 2) * (FixedPoint.longest + 1))
        timeDecimals = grid.timeDecimals
        lines.text.append(contentsOf: (["start", "end"] + track.columns.map(\.name)).joined(separator: ",").utf8)
        lines.text.append(UInt8(ascii: "\n"))
        try lines.flush()
    }

    package func append(_ block: RowBlock) throws(FileError) {
        append(block, to: &lines.text)
        try lines.flushIfDue(block.count, on: grid)
    }

    package func close(rows: Int64?) throws(FileError) { try lines.close() }

    private func append(_ block: RowBlock, to text: inout [UInt8]) {
        let decimals = decimals
        // A local buffer: accessed through the object, each digit would cost an exclusivity check.
        var line: [UInt8] = []
        swap(&line, &self.line)
        for row in 0..<block.count {
            let length = write(block, row: row, decimals: decimals, line: &line)
            text.append(contentsOf: line[..<length])
        }
        swap(&line, &self.line)
    }

    /// Writes one row and its line end; returns the number of bytes.
    private func write(_ block: RowBlock, row: Int, decimals: [Int], line: inout [UInt8]) -> Int {
        let number = block.firstRow + Int64(row)
        let first = row * decimals.count
        var span = line.mutableSpan
        var offset = 0
        write(grid.start(ofRow: number), span: &span, offset: &offset)
        span[offset] = UInt8(ascii: ",")
        offset += 1
        write(grid.end(ofRow: number), span: &span, offset: &offset)
        for column in decimals.indices {
            span[offset] = UInt8(ascii: ",")
            offset += 1
            FixedPoint.write(block.values[first + column], decimals: decimals[column], into: &span, at: &offset)
        }
        span[offset] = UInt8(ascii: "\n")
        return offset + 1
    }

    private func write(_ time: MediaTime, span: inout MutableSpan<UInt8>, offset: inout Int) {
        let scaled = time.samples * FixedPoint.powers[timeDecimals]
        let rate = Int64(time.sampleRate)
        FixedPoint.write(scaled: (scaled + rate / 2) / rate, decimals: timeDecimals, into: &span, at: &offset)
    }
}

extension FrameGrid {
    /// Decimals of a row's times: 3 if the grid lies on whole milliseconds, else 6.
    var timeDecimals: Int {
        (hop * 1_000).isMultiple(of: sampleRate) && (window * 1_000).isMultiple(of: sampleRate) ? 3 : 6
    }
}
