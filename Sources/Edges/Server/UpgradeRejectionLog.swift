import NIOHTTP1
import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket
import Synchronization

/// Why an upgrade was refused.
struct UpgradeRejection: Error {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    /// A message for the peer, with line end.
    let body: String

    var answer: WebSocketServer.Answer { .refuse(status, headers: headers, body: body) }
}

/// Writes refused upgrades to the receiver log, a few per second; their calls are unknown.
final class UpgradeRejectionLog: Sendable {
    private let fanout: SinkFanout
    private let now: @Sendable () -> Double
    private let budget = Mutex(LogBudget())

    init(fanout: SinkFanout, now: @escaping @Sendable () -> Double) {
        self.fanout = fanout
        self.now = now
    }

    func record(_ refusal: UpgradeRejection) {
        guard fanout.kinds.contains(.logs) else { return }
        let time = now()
        guard let passedOver = budget.withLock({ $0.consume(now: time) }) else { return }
        fanout.enqueue(
            .log(
                CallLogEntry(
                    time: time, log: .receiver, call: "", event: "upgrade.refused",
                    values: [
                        .init("status", .integer(Int64(refusal.status.code))),
                        .init("detail", .text(String(refusal.body.dropLast()))),
                        .init("passed_over", .integer(Int64(passedOver))),
                    ])))
    }
}
