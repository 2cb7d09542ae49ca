import SidetoneModel
package import SidetonePipeline

/// `inbound.jsonl`, `outbound.jsonl`: a track's rows as JSON Lines, one object a row; not-a-number is null.
package final class RowsFormat: FileFormat {
    package static let name = "rows"
    package static let meaning = "Each track's rows as JSON Lines: start, end, then one member a measure."
    package static let kinds: PipelineItem.Kinds = .rows

    private let files: StreamFiles
    private var tracks: [LineWriter?] = [nil, nil]
    private var json = JSONText()
    private var waiting = [0, 0]

    package init(_ stream: StreamInfo, _ settings: DirectorySettings, _ files: StreamFiles) throws(FileError) {
        self.files = files
    }

    package func take(_ output: StreamOutput) throws(FileError) {
        switch output {
        case .track(let track):
            tracks[track.role.index] = try LineWriter(files, "\(track.role.rawValue).jsonl")
        case .rows(let block): try take(block)
        default: break
        }
    }

    private func take(_ block: RowBlock) throws(FileError) {
        guard let lines = tracks[block.track.index] else { return }
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
        waiting[block.track.index] += block.count
        let rowsPerFlush = block.grid.sampleRate * 6 / 10 / block.grid.hop
        guard waiting[block.track.index] >= rowsPerFlush else { return try lines.flushIfFull() }
        waiting[block.track.index] = 0
        try lines.flush()
    }

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        for track in tracks { try track?.close() }
        tracks = [nil, nil]
    }
}
