import SidetonePipeline
import Synchronization

/// Streams of which a sink lost something after their end, so that their summaries have changed. Filled on the threads of
/// the sinks that fail.
final class SummaryAmendments: Sendable {
    struct Ended {
        var stream: StreamInfo
        var summary: StreamSummary
    }

    /// By the stream's number in the store.
    private let waiting = Mutex<[Int64: Ended]>([:])

    func add(_ number: Int64, summary: StreamSummary, of stream: StreamInfo) {
        waiting.withLock { $0[number] = Ended(stream: stream, summary: summary) }
    }

    /// All that were added since the last call.
    func drain() -> [Int64: Ended] {
        waiting.withLock { waiting in
            defer { waiting = [:] }
            return waiting
        }
    }
}
