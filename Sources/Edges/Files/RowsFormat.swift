package import SidetoneModel
package import SidetonePipeline

/// A file of one track's rows, driven by `RowsFormat`. To add one, add a file beside this one and a line in `FileSinks`.
package protocol RowFile: SendableMetatype {
    /// The sink's name in a pipeline file.
    static var name: String { get }
    /// One line for `describe`.
    static var summary: String { get }
    /// Its files: what follows a track's name in their names, and their content types.
    static var endings: [FileDeclaration] { get }

    init(_ files: StreamFiles, track: TrackInfo) throws(FileError)
    /// - Parameter block: follows the previous one, or leaves a hole if rows were lost.
    mutating func append(_ block: RowBlock) throws(FileError)
    /// - Parameter rows: the number of rows of the track; nil if unknown. A format in which the index of a row is its time
    ///   fills in missing rows.
    mutating func close(rows: Int64?) throws(FileError)
}

/// The rows of a stream, one file per track: the same bytes live, replayed or from a file.
package final class RowsFormat<File: RowFile>: FileFormat {
    package static var name: String { File.name }
    package static var summary: String { File.summary }
    package static var kinds: PipelineItem.Kinds { .rows }
    package static func openFiles(_ settings: DirectorySettings) -> Int { 2 }
    package static var outputs: [FileDeclaration] {
        TrackRole.allCases.flatMap { role in
            File.endings.map { FileDeclaration("\(role.rawValue).\($0.name)", $0.contentType) }
        }
    }

    private let files: StreamFiles
    private var tracks: [File?] = [nil, nil]

    package init(_ stream: StreamInfo, settings: DirectorySettings, files: StreamFiles) throws(FileError) {
        self.files = files
    }

    package func append(_ output: StreamOutput) throws(FileError) {
        switch output {
        case .track(let track): tracks[track.role.index] = try File(files, track: track)
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
