import SidetoneModel
package import SidetonePipeline

/// `inbound.csv`, `outbound.csv`: a track's rows, the same bytes live, replayed or from a file.
package final class CSVFormat: FileFormat {
    package static let name = "csv"
    package static let meaning = "Each track's rows as CSV: start, end, then one column a measure."
    package static let kinds: PipelineItem.Kinds = .rows

    private let files: StreamFiles
    private var tracks: [CSVWriter?] = [nil, nil]

    package init(_ stream: StreamInfo, _ settings: DirectorySettings, _ files: StreamFiles) throws(FileError) {
        self.files = files
    }

    package func take(_ output: StreamOutput) throws(FileError) {
        switch output {
        case .track(let track): tracks[track.role.index] = try CSVWriter(files, track)
        case .rows(let block): try tracks[block.track.index]?.take(block)
        default: break
        }
    }

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        for track in tracks { try track?.close() }
        tracks = [nil, nil]
    }
}
