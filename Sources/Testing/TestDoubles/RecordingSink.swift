package import SidetonePipeline
import Synchronization

/// A sink that records its input, or fails at every write.
package final class RecordingSink: Sink {
    package static let name = "recording"

    /// The error of a failing sink.
    package struct Failure: Error, CustomStringConvertible {
        package let description = "this sink fails on purpose"
    }

    private struct State {
        var batches: [[PipelineItem]] = []
        var closes = 0
    }

    package let kinds: PipelineItem.Kinds
    private let fails: Bool
    private let state = Mutex(State())

    package init(_ kinds: PipelineItem.Kinds = [.samples, .rows, .signals, .messages], fails: Bool = false) {
        self.kinds = kinds
        self.fails = fails
    }

    package func write(_ items: [PipelineItem]) async throws {
        state.withLock { $0.batches.append(items) }
        if fails { throw Failure() }
    }

    package func close() async throws { state.withLock { $0.closes += 1 } }

    /// Everything that was written, in order.
    package var items: [PipelineItem] { state.withLock { $0.batches.flatMap(\.self) } }
    /// The number of writes.
    package var writes: Int { state.withLock { $0.batches.count } }
    /// The number of times it was closed.
    package var closes: Int { state.withLock { $0.closes } }
}
