import SidetonePipeline
import Synchronization

/// Runs a sink in an unstructured task, awaited only until a deadline: a sink that is stuck in a write must not keep
/// the process alive.
final class SinkRunner: Sendable {
    let queue: SinkQueue
    private let finished = Mutex<SinkReport?>(nil)
    private let wake = WakeSignal()

    init(_ queue: SinkQueue) { self.queue = queue }

    /// Starts to process the queue. Not a child of a group, which would wait for it.
    func start() {
        Task {
            let report = await queue.run()
            finished.withLock { $0 = report }
            wake.signal()
        }
    }

    /// Waits for the sink's end; cancellation ends the wait.
    fileprivate func end() async {
        while finished.withLock({ $0 == nil }), !Task.isCancelled { await wake.wait() }
    }

    /// The sink's report, or a report that it has not finished.
    fileprivate var report: SinkReport {
        if let report = finished.withLock({ $0 }) { return report }
        var report = SinkReport(sink: queue.status.name)
        report.refused = queue.items.refused
        report.failures = queue.status.failures + 1
        report.lastFailure =
            "did not finish before the drain deadline and was abandoned with \(queue.items.count) blocks in its queue"
        return report
    }

    /// Lets the sinks write their queues and close, until the deadline. After it, sinks that still make progress get
    /// more time, up to `extension`.
    /// - Parameter patience: maximum time without progress before the deadline applies.
    static func finish(
        _ runners: [SinkRunner], by deadline: @escaping @Sendable () -> ContinuousClock.Instant, patience: Duration,
        extension: Duration
    ) async -> [SinkReport] {
        for runner in runners { runner.queue.items.close() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for runner in runners { await runner.end() } }
            group.addTask { await Self.timeOut(runners, by: deadline, patience: patience, extension: `extension`) }
            await group.next()
            group.cancelAll()
        }
        return runners.map(\.report)
    }

    private static func timeOut(
        _ runners: [SinkRunner], by deadline: @Sendable () -> ContinuousClock.Instant, patience: Duration,
        extension: Duration
    ) async {
        var progress = runners.map(\.queue.written)
        var progressAt = ContinuousClock.now
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(100))
            let current = runners.map(\.queue.written)
            let now = ContinuousClock.now
            if current != progress { (progress, progressAt) = (current, now) }
            // A second signal may move the deadline forward.
            let due = deadline()
            if now >= due + `extension` || (now >= due && now - progressAt >= patience) { return }
        }
    }
}
