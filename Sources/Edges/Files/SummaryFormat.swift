import Logging
import SidetoneJSON
package import SidetonePipeline

/// `summary.json`: the totals of a stream, written when the stream has ended. It lists the losses of all sinks:
/// `lost` blocks and `missing_files`.
package final class SummaryFormat: FileFormat {
    package static let name = "summary"
    package static let summary = "The totals of a stream as one JSON object, written at its end."
    package static let kinds: PipelineItem.Kinds = []
    package static let isRetried = true
    package static func openFiles(_ settings: DirectorySettings) -> Int { 0 }
    package static let outputs = [FileDeclaration(ResultFile.summary, FileDeclaration.json)]

    private let stream: StreamInfo
    private let files: StreamFiles

    package init(_ stream: StreamInfo, settings: DirectorySettings, files: StreamFiles) throws(FileError) {
        self.stream = stream
        self.files = files
    }

    package func append(_ output: StreamOutput) throws(FileError) {}

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        guard let summary else { return }
        let written = stream.losses.report
        try Self.write(summary, of: stream, files: files)
        // Another sink may report a loss after this file is written.
        let folders = files.folders
        stream.losses.onAmendment { stream in
            do { try Self.write(summary, of: stream, files: try folders.files(of: stream)) } catch {
                folders.logger.error("Summary cannot be amended", metadata: ["error": "\(error)"])
            }
        }
        // Or has lost it meanwhile.
        if stream.losses.report != written { try Self.write(summary, of: stream, files: files) }
    }

    private static func write(_ summary: StreamSummary, of stream: StreamInfo, files: StreamFiles) throws(FileError) {
        var json = JSONWriter()
        summary.write(to: &json, of: stream)
        json.endLine()
        try files.writeWhole(ResultFile.summary, bytes: json.bytes, lasts: true)
    }
}
