public import Logging
import Synchronization

/// Where a stream's outputs go: one bounded mailbox a sink.
public struct Outlet: Sendable {
    let lanes: [SinkLane]
    /// What at least one sink asks for.
    public let kinds: PipelineItem.Kinds

    public init(_ lanes: [SinkLane]) {
        self.lanes = lanes
        kinds = lanes.reduce(into: []) { $0.formUnion($1.sink.kinds) }
    }

    /// Hands an output to every sink that wants it; never waits.
    public func offer(_ item: PipelineItem) {
        let kind = item.kind
        for lane in lanes {
            if kind.isEmpty {
                lane.mailbox.always(item)
            } else if lane.sink.kinds.contains(kind), lane.sink.wants(item) {
                lane.mailbox.offer(item)
            }
        }
    }
}

extension Outlet {
    /// Writes all that waits: for sources that wait for their sinks, so that nothing is ever refused.
    public func drain() async throws {
        for lane in lanes { try await lane.drain() }
    }

    /// Writes all that waits, and closes the sinks.
    public func close() async throws {
        try await drain()
        for lane in lanes { try await lane.sink.close() }
    }
}

/// A sink with its mailbox, and the loop between them.
public struct SinkLane: Sendable {
    public let sink: any PipelineSink
    public let mailbox: Mailbox<PipelineItem>
    private let failures = SinkFailures()
    private let logger: Logger

    /// - Parameter limit: how many blocks may wait.
    public init(_ sink: any PipelineSink, limit: Int, logger: Logger) {
        self.sink = sink
        mailbox = Mailbox(limit: limit)
        self.logger = logger
    }

    /// How the sink fares now.
    public var status: SinkStatus {
        SinkStatus(
            name: type(of: sink).name, waiting: mailbox.count, limit: mailbox.limit, refused: mailbox.refused,
            failures: failures.count.load(ordering: .relaxed),
            oldestSeconds: mailbox.age / .seconds(1), spool: sink.spool)
    }

    /// Empties the mailbox into the sink until the mailbox is closed and empty; then closes the sink.
    ///
    /// A sink that fails loses what it was given; the others and the streams go on.
    public func run() async -> SinkReport {
        await withTaskExecutorPreference(sink.executor) { await work() }
    }

    private func work() async -> SinkReport {
        var report = SinkReport(sink: type(of: sink).name)
        while let batch = await mailbox.next(gathering: sink.interval) {
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
        if let batch = mailbox.take() { try await sink.write(batch.items) }
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
    /// Blocks that its mailbox refused.
    public var refused = 0
    /// Writes that failed.
    public var failures = 0
    public var lastFailure: String?
}
