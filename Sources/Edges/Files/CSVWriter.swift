import SidetoneModel
import SidetonePipeline

/// Writes the rows of one track: `start,end` in seconds, then the columns. RFC 4180 with line ends `\n`, which pandas,
/// DuckDB and every spreadsheet read; an empty cell is not-a-number.
final class CSVWriter {
    private let lines: LineWriter
    private let grid: FrameGrid
    private let decimals: [Int]
    /// Times have 3 digits after the point where the grid stands on whole milliseconds, else 6.
    private let timeDecimals: Int
    /// With what waits in a block before it, less than a second of rows.
    private let rowsPerFlush: Int
    private var waiting = 0

    init(_ files: StreamFiles, _ track: TrackInfo) throws(FileError) {
        lines = try LineWriter(files, "\(track.role.rawValue).csv")
        grid = track.grid
        decimals = track.columns.map(\.decimals)
        let isWhole =
            (grid.hop * 1_000).isMultiple(of: grid.sampleRate)
            && (grid.window * 1_000).isMultiple(of: grid.sampleRate)
        timeDecimals = isWhole ? 3 : 6
        rowsPerFlush = max(1, grid.sampleRate * 6 / 10 / grid.hop)
        lines.text.append(contentsOf: (["start", "end"] + track.columns.map(\.name)).joined(separator: ",").utf8)
        lines.text.append(UInt8(ascii: "\n"))
        try lines.flush()
    }

    func take(_ block: RowBlock) throws(FileError) {
        append(block, to: &lines.text)
        waiting += block.count
        guard waiting >= rowsPerFlush || lines.text.count >= LineWriter.pendingBytes else { return }
        try lines.flush()
        waiting = 0
    }

    func close() throws(FileError) { try lines.close() }

    private func append(_ block: RowBlock, to text: inout [UInt8]) {
        let columns = decimals.count
        for row in 0..<block.count {
            append(grid.start(ofRow: block.firstRow + Int64(row)), to: &text)
            text.append(UInt8(ascii: ","))
            append(grid.end(ofRow: block.firstRow + Int64(row)), to: &text)
            for column in 0..<columns {
                text.append(UInt8(ascii: ","))
                FixedPoint.append(block.values[row * columns + column], decimals: decimals[column], to: &text)
            }
            text.append(UInt8(ascii: "\n"))
        }
    }

    private func append(_ time: MediaTime, to text: inout [UInt8]) {
        let scaled = time.samples * FixedPoint.powers[timeDecimals]
        let rate = Int64(time.sampleRate)
        FixedPoint.append(scaled: (scaled + rate / 2) / rate, decimals: timeDecimals, to: &text)
    }
}
