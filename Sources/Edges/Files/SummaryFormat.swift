package import SidetonePipeline

/// `summary.json`: the totals of a stream, there whole once the stream has ended.
package final class SummaryFormat: FileFormat {
    package static let name = "summary"
    package static let meaning = "The totals of a stream as one JSON object, at its end."
    package static let kinds: PipelineItem.Kinds = []

    private let stream: StreamInfo
    private let files: StreamFiles

    package init(_ stream: StreamInfo, _ settings: DirectorySettings, _ files: StreamFiles) throws(FileError) {
        self.stream = stream
        self.files = files
    }

    package func take(_ output: StreamOutput) throws(FileError) {}

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        guard let summary else { return }
        var json = JSONText()
        summary.write(to: &json, of: stream)
        json.endLine()
        try files.writeWhole("summary.json", json.bytes, lasts: true)
    }
}
