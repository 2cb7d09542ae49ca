import SidetoneModel
import Synchronization

/// The losses of one stream in its sinks: blocks refused by a queue, and files that could not be written.
///
/// Recorded where a loss happens, on any thread; the stream itself reports each loss as a `gap` signal, and its summary
/// lists them all.
package final class StreamLosses: Sendable {
    /// Blocks of one kind that one sink did not receive.
    package struct Blocks: Sendable, Hashable {
        package var sink: String
        package var kind: String
        package var blocks = 0
        package var bytes = 0
        /// From the first to the last, in seconds on the call clock; nil if they have no time.
        package var start: Double?
        package var end: Double?

        mutating func add(_ item: PipelineItem, bytes: Int) {
            blocks += 1
            self.bytes += bytes
            guard let span = item.span else { return }
            start = min(start ?? span.start, span.start)
            end = max(end ?? span.end, span.end)
        }

        mutating func add(_ more: Blocks) {
            blocks += more.blocks
            bytes += more.bytes
            start = [start, more.start].compactMap { $0 }.min()
            end = [end, more.end].compactMap { $0 }.max()
        }
    }

    /// A file that is missing or incomplete.
    package struct File: Sendable, Hashable {
        package var sink: String
        package var name: String
        /// A code: `tooManyFiles`, `diskFull`.
        package var reason: String

        package init(sink: String, name: String, reason: String) {
            self.sink = sink
            self.name = name
            self.reason = reason
        }
    }

    /// All losses so far.
    package struct Report: Sendable, Hashable {
        package var blocks: [Blocks] = []
        package var files: [File] = []
        package var isEmpty: Bool { blocks.isEmpty && files.isEmpty }
    }

    /// The maximum number of individual entries; a stream has no more sinks and files than this.
    private static let limit = 256
    /// The minimum time between two signals of one sink and kind.
    private static let pause = Duration.seconds(1)

    private struct Key: Hashable {
        var queue: Int
        var kind: Int
    }

    private struct Run {
        var total: Blocks
        /// Losses that no signal has reported yet.
        var pending: Blocks
        /// Whether the last item of this kind was lost.
        var isLosing = true
        var reported: ContinuousClock.Instant?
    }

    private struct State {
        var runs: [Key: Run] = [:]
        var order: [Key] = []
        var files: [File] = []
        var reportedFiles = 0
        /// Queues that accept nothing of the stream.
        var excluded: Set<Int> = []
        /// Write the summary anew, wherever it is kept; each is added once it is written for the first time.
        var amendments: [@Sendable (StreamInfo) -> Void] = []
    }

    private let state = Mutex(State())
    /// Held while the summary is being rewritten.
    private let amending = Mutex(())
    private let hasPending = Atomic(false)
    /// Whether a queue accepts nothing of the stream.
    private let hasExcluded = Atomic(false)

    init() {}

    /// Whether a signal is due, now or later. Read for every item: a flag, no lock.
    var isPending: Bool { hasPending.load(ordering: .relaxed) }

    package var report: Report {
        state.withLock { state in
            Report(blocks: state.order.compactMap { state.runs[$0]?.total }, files: state.files)
        }
    }

    // MARK: Blocks

    func add(_ item: PipelineItem, kind: PipelineItem.Kinds, bytes: Int, queue: Int, sink: String) {
        let key = Key(queue: queue, kind: kind.rawValue)
        state.withLock { state in
            if state.runs[key] == nil {
                let none = Blocks(sink: sink, kind: kind.name)
                state.runs[key] = Run(total: none, pending: none)
                state.order.append(key)
            }
            state.runs[key]?.total.add(item, bytes: bytes)
            state.runs[key]?.pending.add(item, bytes: bytes)
            state.runs[key]?.isLosing = true
        }
        hasPending.store(true, ordering: .relaxed)
    }

    /// Records that an item of the kind was enqueued again.
    func resume(kind: PipelineItem.Kinds, queue: Int) {
        state.withLock { $0.runs[Key(queue: queue, kind: kind.rawValue)]?.isLosing = false }
    }

    /// Records that a queue had no capacity for the stream's opening: it accepts nothing of the stream.
    func exclude(queue: Int) {
        state.withLock { _ = $0.excluded.insert(queue) }
        hasExcluded.store(true, ordering: .relaxed)
    }

    func isExcluded(queue: Int) -> Bool {
        hasExcluded.load(ordering: .relaxed) && state.withLock { $0.excluded.contains(queue) }
    }

    // MARK: Files

    /// Records that a sink could not write or complete a file. An existing summary is rewritten.
    package func add(_ files: [File], of stream: StreamInfo) {
        let (isNew, amendments) = state.withLock { state in
            let before = state.files.count
            for file in files where state.files.count < Self.limit && !state.files.contains(file) {
                state.files.append(file)
            }
            return (state.files.count > before, state.amendments)
        }
        guard isNew else { return }
        hasPending.store(true, ordering: .relaxed)
        for amend in amendments { amending.withLock { _ in amend(stream) } }
    }

    /// - Parameter amend: rewrites the summary after a later loss; called on the thread of the sink that failed, one
    ///   call at a time. It must not retain the stream.
    package func onAmendment(_ amend: @escaping @Sendable (StreamInfo) -> Void) {
        state.withLock { $0.amendments.append(amend) }
    }

    // MARK: Signals

    /// The signals that are due: of completed losses, at most one per second for each sink and kind.
    ///
    /// - Parameter isLast: whether the stream is ending: every loss is then due.
    func due(now: ContinuousClock.Instant, isLast: Bool) -> [Signal] {
        let (signals, isPending) = state.withLock { state -> ([Signal], Bool) in
            var signals: [Signal] = []
            var isPending = false
            for key in state.order {
                guard var run = state.runs[key], run.pending.blocks > 0 else { continue }
                let isDue = !run.isLosing && run.reported.map { now - $0 >= Self.pause } ?? true
                guard isLast || isDue else {
                    isPending = true
                    continue
                }
                signals.append(Self.signal(run.pending))
                run.pending = Blocks(sink: run.total.sink, kind: run.total.kind)
                run.reported = now
                state.runs[key] = run
            }
            signals += state.files[state.reportedFiles...].map(Self.signal)
            state.reportedFiles = state.files.count
            return (signals, isPending)
        }
        hasPending.store(isPending, ordering: .relaxed)
        return signals
    }

    private static func signal(_ lost: Blocks) -> Signal {
        Signal(
            "gap", .moment, start: lost.start ?? 0, end: lost.end ?? lost.start ?? 0,
            values: [
                .init("sink", .text(lost.sink)), .init("kind", .text(lost.kind)),
                .init("blocks", .integer(Int64(lost.blocks))), .init("bytes", .integer(Int64(lost.bytes))),
            ])
    }

    private static func signal(_ file: File) -> Signal {
        Signal(
            "gap", .moment, start: 0, end: 0,
            values: [
                .init("sink", .text(file.sink)), .init("kind", .text("file")), .init("file", .text(file.name)),
                .init("reason", .text(file.reason)),
            ])
    }
}
