package import Logging
package import SidetoneModel
package import SidetonePipeline

/// Where the three logs of calls are written: the `log` sink of a pipeline file.
package struct CallLogSettings: ComponentSettings {
    package var directory = "out"
    package var keepNumbers = false
    package var maxFileKB = 16_384

    package init() {}

    package static let fields: [Setting<Self>] = [
        Setting("directory", \.directory, "a path", "The output directory; each call gets a folder below it."),
        Setting(
            "keep_numbers", \.keepNumbers,
            "Writes telephone numbers in full, where the source keeps them too; else they are masked."),
        Setting(
            "max_file_kb", \.maxFileKB, in: 64...1_048_576,
            "The largest file, in kibibytes; further lines are counted and passed over."),
    ]
}

/// Carries call logs into files, on a thread of its own, where it may wait for the disk.
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
    private var told = false

    package init(_ settings: CallLogSettings, _ logger: Logger) {
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
        guard writer.passedOver > 0, !told else { return }
        told = true
        logger.warning("A call's log has reached its limit; further lines are passed over")
    }

    package func close() {
        guard writer.passedOver > 0 else { return }
        logger.warning("Lines of call logs passed over", metadata: ["lines": "\(writer.passedOver)"])
    }
}
