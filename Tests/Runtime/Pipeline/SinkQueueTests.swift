import SidetoneJSON
import SidetoneModel
import SidetoneTestDoubles
import Synchronization
import Testing

@testable import SidetonePipeline

@Suite(.timeLimit(.minutes(1))) struct SinkQueueTests {
    private let stream = StreamInfo(
        start: start(), dialect: "twilio", startedAt: 0, folder: ["CA1"], replacesFolder: false)

    private func signal(_ number: Int) -> PipelineItem {
        PipelineItem.stream(stream, .signal(Signal("test", .moment, start: Double(number))))
    }

    private var opening: PipelineItem { PipelineItem.stream(stream, .opened) }

    private var ending: PipelineItem {
        .stream(stream, .ended(StreamSummary(reason: .stop, tracks: [], refusedMessages: 0, totals: nil)))
    }

    @Test func `a sink receives the kinds it accepts, and every opening and end`() async {
        let signals = RecordingSink(.signals)
        let samples = RecordingSink(.samples)
        let queues = [signals, samples].map { SinkQueue($0, limit: 10, logger: quiet) }
        let fanout = SinkFanout(queues)
        #expect(fanout.kinds == [.signals, .samples])
        for item in [opening, signal(1), signal(2), ending] { fanout.enqueue(item) }
        for queue in queues {
            queue.items.close()
            _ = await queue.run()
        }
        #expect(signals.items.count == 4)
        #expect(samples.items.count == 2)
        #expect([signals.closes, samples.closes] == [1, 1])
    }

    @Test func `a slow sink loses only its own outputs, and no opening and no end`() async {
        let (slow, fast) = (RecordingSink(), RecordingSink())
        let queues = [SinkQueue(slow, limit: 3, logger: quiet), SinkQueue(fast, limit: 100, logger: quiet)]
        let fanout = SinkFanout(queues)
        fanout.enqueue(opening)
        for number in 0..<10 { fanout.enqueue(signal(number)) }
        fanout.enqueue(ending)
        var reports: [SinkReport] = []
        for queue in queues {
            queue.items.close()
            reports.append(await queue.run())
        }
        let left = Left(slow.items)
        // The opening takes one of the three places.
        #expect(left.signals.map(\.start) == [0, 1])
        #expect(left.opened == 1 && left.summaries.count == 1)
        #expect(Left(fast.items).signals.count == 10)
        #expect(reports.map(\.refused) == [8, 0])
        #expect(reports.map(\.failures) == [0, 0])
        #expect(reports.map(\.sink) == ["recording", "recording"])
    }

    @Test func `a failing sink receives the rest anyway, is closed, and reported`() async {
        let sink = RecordingSink(fails: true)
        let queue = SinkQueue(sink, limit: 10, logger: quiet)
        async let report = queue.run()
        queue.items.enqueue(signal(0))
        while sink.writes == 0 { await Task.yield() }
        queue.items.enqueue(signal(1))
        queue.items.close()
        let found = await report
        #expect(found.failures == 2)
        #expect(found.lastFailure == "this sink fails on purpose")
        #expect(found.refused == 0)
        #expect(sink.items.count == 2)
        #expect(sink.closes == 1)
    }

    @Test func `the queue of a sink with its own thread is processed on that thread`() async {
        let sink = ThreadedSink()
        let queue = SinkQueue(sink, limit: 10, logger: quiet)
        queue.items.enqueue(signal(0))
        queue.items.close()
        #expect(await queue.run().failures == 0)
        #expect(sink.written.withLock { $0 } == [true])
    }

    @Test func `a source that waits for its sinks loses nothing`() async throws {
        let sink = RecordingSink()
        let fanout = SinkFanout([SinkQueue(sink, limit: 1, logger: quiet)])
        for number in 0..<5 {
            fanout.enqueue(signal(number))
            try await fanout.drain()
        }
        try await fanout.close()
        #expect(Left(sink.items).signals.map(\.start) == [0, 1, 2, 3, 4])
        #expect(sink.closes == 1)
    }

    @Test func `a source that waits for its sinks is notified of a failure`() async {
        let fanout = SinkFanout([SinkQueue(RecordingSink(fails: true), limit: 1, logger: quiet)])
        fanout.enqueue(signal(0))
        await #expect(throws: RecordingSink.Failure.self) { try await fanout.drain() }
    }

    // MARK: Losses

    private func rows(_ stream: StreamInfo, first: Int64) -> PipelineItem {
        let grid = FrameGrid(sampleRate: 8_000)
        return .stream(
            stream,
            .rows(
                RowBlock(
                    track: .inbound, grid: grid,
                    columns: [Column("level_dbfs", unit: "dBFS", range: "−96…0", decimals: 2, "level")],
                    firstRow: first, values: [0])))
    }

    private var small: QueueLimits {
        var limits = QueueLimits(maxStreams: 2)
        // Five blocks of rows, of 132 bytes each.
        limits.share = 5 * 132
        limits.ownerBytes = limits.share
        limits.reserve = 0
        return limits
    }

    @Test func `what exceeds a stream's share is lost for it alone, and the stream reports what and when`() async throws
    {
        let other = StreamInfo(start: start(), dialect: "twilio", startedAt: 0, folder: ["CA2"], replacesFolder: false)
        let (slow, fast) = (RecordingSink([.rows]), RecordingSink([.rows, .signals]))
        let queues = [
            SinkQueue(slow, limits: small, logger: quiet), SinkQueue(fast, limits: .unlimited, logger: quiet),
        ]
        let fanout = SinkFanout(queues)
        for number in 0..<8 { fanout.enqueue(rows(stream, first: Int64(number))) }
        for number in 0..<5 { fanout.enqueue(rows(other, first: Int64(number))) }
        try await queues[0].drain()
        // The sink takes again: what was lost is over, and is reported.
        fanout.enqueue(rows(stream, first: 8))
        try await fanout.drain()
        let firstRows = slow.items.compactMap { item in
            if case .stream(_, .rows(let block)) = item { return block.firstRow }
            return nil
        }
        #expect(firstRows == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 8])
        let gaps = Left(fast.items).signals
        #expect(gaps.count == 1)
        let gap = try #require(gaps.first)
        #expect(gap.name == "gap" && gap.phase == .moment)
        #expect(gap.start == 0.05 && gap.end == 0.095)
        #expect(
            gap.values == [
                .init("sink", .text("recording")), .init("kind", .text("rows")), .init("blocks", .integer(3)),
                .init("bytes", .integer(3 * 132)),
            ])
        #expect(stream.losses.report.blocks.map(\.blocks) == [3])
        #expect(other.losses.report.isEmpty)
        var json = JSONWriter()
        StreamSummary(reason: .stop, tracks: [], refusedMessages: 0, totals: nil).write(to: &json, of: stream)
        let lost = #""lost":[{"sink":"recording","kind":"rows","blocks":3,"bytes":396,"start":0.05,"end":0.095}]"#
        #expect(String(decoding: json.bytes, as: UTF8.self).contains(lost))
    }

    @Test func `a loss that lasts to the end is reported before the stream's last signal`() async throws {
        let sink = RecordingSink([.rows, .signals])
        let fanout = SinkFanout([SinkQueue(sink, limits: small, logger: quiet)])
        for number in 0..<6 { fanout.enqueue(rows(stream, first: Int64(number))) }
        try await fanout.drain()
        #expect(Left(sink.items).signals.isEmpty)
        fanout.reportLosses(of: stream)
        fanout.reportLosses(of: stream)
        try await fanout.drain()
        #expect(Left(sink.items).signals.map(\.name) == ["gap"])
    }

    @Test func `a sink without capacity for another stream receives nothing of it`() async throws {
        var limits = small
        limits.exempt = 1
        let sink = RecordingSink([.rows])
        let fanout = SinkFanout([SinkQueue(sink, limits: limits, logger: quiet)])
        let other = StreamInfo(start: start(), dialect: "twilio", startedAt: 0, folder: ["CA2"], replacesFolder: false)
        let ended = StreamOutput.ended(StreamSummary(reason: .stop, tracks: [], refusedMessages: 0, totals: nil))
        fanout.enqueue(.stream(stream, .opened))
        fanout.enqueue(.stream(other, .opened))
        fanout.enqueue(rows(other, first: 0))
        fanout.enqueue(.stream(stream, ended))
        try await fanout.drain()
        fanout.enqueue(rows(other, first: 1))
        fanout.enqueue(.stream(other, ended))
        try await fanout.drain()
        let left = Left(sink.items)
        #expect(left.opened == 1 && left.summaries.count == 1 && left.rows.isEmpty)
        #expect(other.losses.report.blocks.map(\.kind) == ["all", "rows"])
        #expect(stream.losses.report.isEmpty)
    }
}

/// A sink with a thread of its own. It is no actor: where it writes is where its queue is emptied.
private final class ThreadedSink: Sink {
    static let name = "threaded"
    let kinds: PipelineItem.Kinds = .signals
    let queue = QueueExecutor(label: "tests.sink")
    var executor: QueueExecutor? { queue }
    /// Of each write, whether it was on the queue.
    let written = Mutex<[Bool]>([])

    func write(_ items: [PipelineItem]) async throws {
        let isThere = withUnsafeCurrentTask { $0?.unownedTaskExecutor == queue.asUnownedTaskExecutor() }
        written.withLock { $0.append(isThere) }
    }

    func close() async throws {}
}
