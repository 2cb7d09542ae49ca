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
}
