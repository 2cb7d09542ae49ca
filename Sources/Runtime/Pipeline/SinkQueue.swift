public import Logging
import Synchronization

/// A sink with its queue, and the loop between them.
public struct SinkQueue: Sendable {
    public let sink: any PipelineSink
    public let items: BoundedQueue<PipelineItem>
    private let failures = SinkFailures()
    private let logger: Logger

    /// - Parameter limit: how many blocks may wait.
    public init(_ sink: any PipelineSink, limit: Int, logger: Logger) {
        self.sink = sink
        items = BoundedQueue(limit: limit)
        self.logger = logger
    }

    /// How the sink fares now.
    public var status: SinkStatus {
        SinkStatus(
            name: type(of: sink).name, waiting: items.count, limit: items.limit, refused: items.refused,
            failures: failures.count.load(ordering: .relaxed),
            oldestSeconds: items.age / .seconds(1), spool: sink.spool)
    }

    /// Empties the queue into the sink until the queue is closed and empty; then closes the sink.
    ///
    /// A sink that fails loses what it was given; the others and the streams go on.
    public func run() async -> SinkReport {
        await withTaskExecutorPreference(sink.executor) { await work() }
    }

    private func work() async -> SinkReport {
        var report = SinkReport(sink: type(of: sink).name)
        while let batch = await items.nextBatch(every: sink.interval) {
            if batch.refused > 0 {
                report.refused += batch.refused
                logger.warning(
                    "Sink too slow, newest blocks refused",
                    metadata: ["sink": "\(report.sink)", "blocks": "\(batch.refused)"])
            }
            do { try await sink.write(batch.items) } catch { note(error, &report) }
        }
        do { try await sink.close() } catch { note(error, &report) }
        return report
    }

    /// Writes what waits now: for sources that wait for their sinks.
    func drain() async throws {
        if let batch = items.take() { try await sink.write(batch.items) }
    }

    private func note(_ error: any Error, _ report: inout SinkReport) {
        report.failures += 1
        failures.count.add(1, ordering: .relaxed)
        report.lastFailure = "\(error)"
        logger.error("Sink failed", metadata: ["sink": "\(report.sink)", "error": "\(error)"])
    }
}

/// Writes of a sink that failed, to be read while it runs.
private final class SinkFailures: Sendable {
    let count = Atomic(0)
}

/// How a sink fared.
public struct SinkReport: Sendable {
    public var sink: String
    /// Blocks that its queue refused.
    public var refused = 0
    /// Writes that failed.
    public var failures = 0
    public var lastFailure: String?
}
