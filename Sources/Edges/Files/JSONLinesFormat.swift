import SidetoneJSON
package import SidetonePipeline

/// `signals.jsonl`: the call's signals, one CloudEvents 1.0 object per line, written as they are emitted.
package final class JSONLinesFormat: FileFormat {
    package static let name = "jsonl"
    package static let summary = "The call's signals as JSON Lines, one CloudEvents 1.0 object each."
    package static let kinds: PipelineItem.Kinds = .signals
    package static let outputs = [FileDeclaration("signals.jsonl", FileDeclaration.jsonLines)]
    /// Signals are rare, and consumers wait for them.
    package static let interval = Duration.zero

    private let stream: StreamInfo
    private let lines: LineWriter
    private var json = JSONWriter()
    private var count: Int64 = 0

    package init(_ stream: StreamInfo, settings: DirectorySettings, files: StreamFiles) throws(FileError) {
        self.stream = stream
        lines = try LineWriter(files, name: "signals.jsonl")
    }

    package func append(_ output: StreamOutput) throws(FileError) {
        guard case .signal(let signal) = output else { return }
        count += 1
        json.removeAll()
        CloudEvent(signal, of: stream, number: count).write(to: &json)
        json.endLine()
        lines.text.append(contentsOf: json.bytes)
        try lines.flush()
    }

    package func finish(_ summary: StreamSummary?) throws(FileError) { try lines.close() }
}
