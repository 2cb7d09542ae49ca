import SidetoneModel
package import SidetonePipeline
import SidetoneTracks

/// `summary.json`: the totals of a stream, there whole once the stream has ended.
package final class SummaryFormat: FileFormat {
    package static let name = "summary"
    package static let meaning = "The totals of a stream as one JSON object, at its end."
    package static let kinds: StreamOutput.Kinds = []

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
        json.beginObject()
        json.member("call", stream.start.callID)
        json.member("stream", stream.start.streamID)
        json.member("dialect", stream.dialect)
        json.member("started_at", WallTime.text(stream.startedAt))
        json.member("seconds", summary.seconds)
        json.member("reason", summary.reason.rawValue)
        json.member("refused_messages", Int64(summary.refusedMessages))
        json.key("tracks")
        json.beginObject()
        for track in summary.tracks { Self.write(track, to: &json) }
        json.endObject()
        json.key("totals")
        json.beginObject()
        for total in summary.totals { json.member(total) }
        json.endObject()
        json.endObject()
        json.endLine()
        try files.writeWhole("summary.json", json.bytes, lasts: true)
    }

    private static func write(_ track: StreamSummary.Track, to json: inout JSONText) {
        let counters = track.counters
        json.key(track.role.rawValue)
        json.beginObject()
        json.member("sample_rate_hz", Int64(track.sampleRate))
        json.member("samples", track.samples)
        json.member("seconds", Double(track.samples) / Double(track.sampleRate))
        json.member("rows", track.rows)
        json.member("packets", Int64(counters.packets))
        json.member("duplicates", Int64(counters.duplicates))
        json.member("late", Int64(counters.late))
        json.member("reordered", Int64(counters.reordered))
        json.member("gaps", Int64(counters.gaps))
        json.member("concealed_seconds", Double(counters.concealedSamples) / Double(track.sampleRate))
        json.member("jumps", Int64(counters.jumps))
        json.member("odd_bytes", Int64(counters.oddBytes))
        json.endObject()
    }
}
