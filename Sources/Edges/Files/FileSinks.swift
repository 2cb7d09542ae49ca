/// The sinks that write files.
package enum FileSinks {
    /// One per line, in alphabetical order, so that concurrent additions do not conflict.
    package static let all: [any FileFormat.Type] = [
        CaptureFormat.self,
        JSONLinesFormat.self,
        RowsFormat<CSVRows>.self,
        RowsFormat<JSONLinesRows>.self,
        RowsFormat<NPYRows>.self,
        SegmentsFormat<AudacityLabels>.self,
        SegmentsFormat<RTTM>.self,
        SegmentsFormat<TextGrid>.self,
        SegmentsFormat<WebVTT>.self,
        SummaryFormat.self,
        WAVFormat.self,
    ]

    /// The content types of all files that they may write, by name.
    package static let contentTypes = Dictionary(
        all.flatMap { $0.outputs }.map { ($0.name, $0.contentType) }, uniquingKeysWith: { first, _ in first })
}
