import Logging
import NIOCore
import SidetonePipeline
import Synchronization

/// Rate-limits warnings caused by peers to a few per second and server, so that peers cannot fill a disk.
final class WarningBudget: Sendable {
    private let logger: Logger
    private let budget = Mutex(LogBudget())

    init(_ logger: Logger) { self.logger = logger }

    func log(_ message: Logger.Message, metadata: Logger.Metadata) {
        let now = Double(NIODeadline.now().uptimeNanoseconds) / 1e9
        guard let passedOver = budget.withLock({ $0.consume(now: now) }) else { return }
        var metadata = metadata
        if passedOver > 0 { metadata["passed_over"] = "\(passedOver)" }
        logger.warning(message, metadata: metadata)
    }
}
