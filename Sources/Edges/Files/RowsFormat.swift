package import SidetoneModel
package import SidetonePipeline

/// A file of one track's rows, as `RowsFormat` drives it. To add one: a file beside this one and a line in `FileSinks`.
package protocol RowFile: SendableMetatype {
    /// The word users write in a pipeline file.
    static var name: String { get }
    /// What it writes, in one line.
    static var summary: String { get }
    /// What follows a track's name in the names of its files.
    static var endings: [String] { get }

    init(_ files: StreamFiles, _ track: TrackInfo) throws(FileError)
    /// - Parameter block: follows the one before it, or leaves a hole where rows were lost.
    mutating func append(_ block: RowBlock) throws(FileError)
    /// - Parameter rows: how many the track has; nil where that is not known. A format in which a row's place is its time
    ///   fills what is missing.
    mutating func close(rows: Int64?) throws(FileError)
}

/// The rows of a stream: a file a track, the same bytes live, replayed or from a file.
package final class RowsFormat<File: RowFile>: FileFormat {
    package static var name: String { File.name }
    package static var summary: String { File.summary }
    package static var kinds: PipelineItem.Kinds { .rows }
    package static func openFiles(_ settings: DirectorySettings) -> Int { 2 }
    package static var fileNames: [String] {
        TrackRole.allCases.flatMap { role in File.endings.map { "\(role.rawValue).\($0)" } }
    }

    private let files: StreamFiles
    private var tracks: [File?] = [nil, nil]

    package init(_ stream: StreamInfo, _ settings: DirectorySettings, _ files: StreamFiles) throws(FileError) {
        self.files = files
    }

    package func append(_ output: StreamOutput) throws(FileError) {
        switch output {
        case .track(let track): tracks[track.role.index] = try File(files, track)
        case .rows(let block): try tracks[block.track.index]?.append(block)
        default: break
        }
    }

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        for role in TrackRole.allCases {
            try tracks[role.index]?.close(rows: summary?.tracks.first { $0.role == role }?.rows)
        }
        tracks = [nil, nil]
    }
}
