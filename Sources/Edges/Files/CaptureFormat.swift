import Foundation
import SidetoneJSON
import SidetoneModel
package import SidetonePipeline

/// `capture.jsonl`: every message as received, for `analyze` and `replay`.
///
/// The first line is a header, each further line is one message with its arrival in seconds, and the last line states how
/// and when the stream ended:
///
///     {"sidetone_capture":1,"dialect":"twilio","call":"CA1","stream":"MZ1","encoding":"PCMU","started_at":"2026-03-01T12:00:00.000000Z"}
///     {"t":0.000125,"text":"{\"event\":\"start\"}"}
///     {"t":0.020125,"binary":"AAEC"}
///     {"t":0.041000,"end":"reset"}
package final class CaptureFormat: FileFormat {
    package static let name = "capture"
    package static let summary = "Every message as received, with its arrival time; the input of analyze and replay."
    package static let kinds: PipelineItem.Kinds = .messages
    package static let outputs = [FileDeclaration("capture.jsonl", FileDeclaration.jsonLines)]
    static let version: Int64 = 1

    private let lines: LineWriter
    private var json = JSONWriter()
    private var flushed = 0.0

    package init(_ stream: StreamInfo, settings: DirectorySettings, files: StreamFiles) throws(FileError) {
        lines = try LineWriter(files, name: "capture.jsonl")
        json.beginObject()
        json.member("sidetone_capture", integer: Self.version)
        json.member("dialect", text: stream.dialect)
        json.member("call", text: stream.start.callID)
        json.member("stream", text: stream.start.streamID)
        json.member("encoding", text: stream.start.format.encoding.rawValue)
        json.member("started_at", text: UTCTime(unixSeconds: stream.startedAt).microseconds)
        json.endObject()
        json.endLine()
        lines.text.append(contentsOf: json.bytes)
        try lines.flush()
    }

    package func append(_ output: StreamOutput) throws(FileError) {
        guard case .message(let message) = output else { return }
        json.removeAll()
        json.beginObject()
        json.member("t", number: message.arrival, decimals: 6)
        switch message.message.kind {
        case .text:
            json.key("text")
            json.value(utf8: message.message.bytes)
        case .binary: json.member("binary", text: Data(message.message.bytes).base64EncodedString())
        }
        json.endObject()
        json.endLine()
        lines.text.append(contentsOf: json.bytes)
        guard message.arrival - flushed >= 1 || lines.text.count >= LineWriter.pendingBytes else { return }
        flushed = message.arrival
        try lines.flush()
    }

    package func finish(_ summary: StreamSummary?) throws(FileError) {
        if let summary, let endedAt = summary.endedAt {
            json.removeAll()
            json.beginObject()
            json.member("t", number: endedAt, decimals: 6)
            json.member("end", text: summary.reason.rawValue)
            json.endObject()
            json.endLine()
            lines.text.append(contentsOf: json.bytes)
        }
        try lines.close()
    }
}
