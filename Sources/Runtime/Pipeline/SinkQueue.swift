package import Logging
import Synchronization

/// A sink with its queue and the loop that connects them.
package struct SinkQueue: Sendable {
    package let sink: any PipelineSink
    package let items: BoundedQueue<PipelineItem>
    let name: String
    private let progress = Progress()
    private let logger: Logger

    /// Counters of a running sink, read from other threads.
    private final class Progress: Sendable {
        let failures = Atomic(0)
        let written = Atomic(0)
    }

    /// - Parameter limits: the limits of the queue.
    package init(_ sink: any PipelineSink, limits: QueueLimits, logger: Logger) {
        self.sink = sink
        name = type(of: sink).name
        items = BoundedQueue(limits)
        self.logger = logger
    }

    /// - Parameter limit: the maximum number of waiting blocks.
    package init(_ sink: any PipelineSink, limit: Int, logger: Logger) {
        self.init(sink, limits: QueueLimits(elements: limit), logger: logger)
    }

    /// The sink's current status.
    package var status: SinkStatus {
        SinkStatus(
            name: name, waiting: items.count, waitingBytes: items.bytes, limitBytes: items.limits.bytes,
            refused: items.refused, failures: progress.failures.load(ordering: .relaxed),
            oldestSeconds: items.age / .seconds(1), spool: sink.spool)
    }

    /// The number of items written since the start, used to detect progress.
    package var written: Int { progress.written.load(ordering: .relaxed) }

    func accepts(_ item: PipelineItem, kind: PipelineItem.Kinds) -> Bool {
        sink.kinds.contains(kind) && sink.accepts(item)
    }

    /// Passes items from the queue to the sink until the queue is closed and empty; then closes the sink.
    ///
    /// A sink whose write fails loses those items; other sinks and the streams continue.
    package func run() async -> SinkReport {
        await withTaskExecutorPreference(sink.executor) { await work() }
    }

    /// The maximum number of items per write during shutdown, so that a slow sink still shows progress.
    private static let closingBatch = 512

    private func work() async -> SinkReport {
        var report = SinkReport(sink: name)
        while let batch = await items.nextBatch(every: sink.interval) {
            if batch.refused > 0 {
                report.refused += batch.refused
                logger.warning(
                    "Sink too slow, newest blocks refused",
                    metadata: ["sink": "\(name)", "blocks": "\(batch.refused)"])
            }
            await write(batch.items, report: &report)
        }
        do { try await sink.close() } catch { record(error, report: &report) }
        report.refused = items.refused
        return report
    }

    private func write(_ batch: [PipelineItem], report: inout SinkReport) async {
        var rest = batch[...]
        while !rest.isEmpty {
            let slice = items.isClosed ? rest.prefix(Self.closingBatch) : rest
            rest = rest.dropFirst(slice.count)
            do { try await sink.writeExpanded(Array(slice)) } catch { record(error, report: &report) }
            progress.written.add(slice.count, ordering: .relaxed)
        }
    }

    /// Writes the waiting items: for sources that wait for their sinks.
    func drain() async throws {
        if let batch = items.dequeue() { try await sink.writeExpanded(batch.items) }
    }

    private func record(_ error: any Error, report: inout SinkReport) {
        report.failures += 1
        progress.failures.add(1, ordering: .relaxed)
        report.lastFailure = "\(error)"
        logger.error("Sink failed", metadata: ["sink": "\(name)", "error": "\(error)"])
    }
}

/// The result of a sink.
package struct SinkReport: Sendable {
    package var sink: String
    /// Blocks refused by its queue.
    package var refused = 0
    /// Failed writes.
    package var failures = 0
    package var lastFailure: String?

    package init(sink: String) { self.sink = sink }
}
