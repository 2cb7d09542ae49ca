public import SidetonePipeline
import Synchronization

/// A sink that keeps what it is given, or fails at every write.
public final class RecordingSink: Sink {
    public static let name = "recording"

    /// What a failing sink throws.
    public struct Failure: Error, CustomStringConvertible {
        public let description = "this sink fails on purpose"
    }

    private struct State {
        var batches: [[PipelineItem]] = []
        var closes = 0
    }

    public let kinds: PipelineItem.Kinds
    private let fails: Bool
    private let state = Mutex(State())

    public init(_ kinds: PipelineItem.Kinds = [.samples, .rows, .signals, .messages], fails: Bool = false) {
        self.kinds = kinds
        self.fails = fails
    }

    public func write(_ items: [PipelineItem]) async throws {
        state.withLock { $0.batches.append(items) }
        if fails { throw Failure() }
    }

    public func close() async throws { state.withLock { $0.closes += 1 } }

    /// Everything that was written, in order.
    public var items: [PipelineItem] { state.withLock { $0.batches.flatMap(\.self) } }
    /// How often it was written to.
    public var writes: Int { state.withLock { $0.batches.count } }
    /// How often it was closed.
    public var closes: Int { state.withLock { $0.closes } }
}
