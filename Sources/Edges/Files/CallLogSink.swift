package import Logging
package import SidetoneModel
package import SidetonePipeline

/// Settings of the `log` sink, which writes the three logs of each call.
package struct CallLogSettings: ComponentSettings {
    package var directory = "out"
    package var keepNumbers = false
    package var maxFileKB = 16_384

    package init() {}

    package static let fields: [Setting<Self>] = [
        Setting("directory", \.directory, "a path", "The output directory; each call gets a folder below it."),
        Setting(
            "keep_numbers", \.keepNumbers,
            "Write telephone numbers in full if the source keeps them too; otherwise they are masked."),
        Setting(
            "max_file_kb", \.maxFileKB, in: 64...1_048_576,
            "Maximum file size in kibibytes; further lines are counted and dropped."),
    ]
}

/// Writes call logs to files on a dedicated thread, which may block on the disk.
package actor CallLogSink: Sink {
    package static let name = "log"
    package static let summary =
        "The three logs of each call as JSON Lines: answer.jsonl, receiver.jsonl and webhook.jsonl."
    package nonisolated var kinds: PipelineItem.Kinds { .logs }
    package nonisolated var interval: Duration { .milliseconds(100) }

    private nonisolated let queue: QueueExecutor
    package nonisolated var executor: QueueExecutor? { queue }
    package nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    private let writer: CallLogWriter
    private let logger: Logger
    private var hasWarned = false

    package init(_ settings: CallLogSettings, logger: Logger) {
        queue = QueueExecutor(label: "sidetone.log")
        writer = CallLogWriter(
            directory: settings.directory, keepsNumbers: settings.keepNumbers,
            fileLimit: Int64(settings.maxFileKB) * 1_024)
        self.logger = logger
    }

    package func write(_ items: [PipelineItem]) throws {
        let entries = items.compactMap { item in
            if case .log(let entry) = item { return entry }
            return nil
        }
        guard !entries.isEmpty else { return }
        try writer.write(entries)
        guard writer.passedOver > 0, !hasWarned else { return }
        hasWarned = true
        logger.warning("Call log reached its size limit; further lines are dropped")
    }

    package func close() {
        guard writer.passedOver > 0 else { return }
        logger.warning("Call log lines dropped", metadata: ["lines": "\(writer.passedOver)"])
    }
}
