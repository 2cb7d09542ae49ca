import SidetoneModel
import SidetonePipeline
import SidetoneTestDoubles
import Synchronization
import Testing

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

    @Test func `a sink gets the kinds it asks for, and every opening and end`() async {
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

    @Test func `a slow sink loses only its own, and no opening and no end`() async {
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

    @Test func `a sink that fails is given the rest all the same, closed, and reported`() async {
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

    @Test func `a sink with a thread of its own has its queue emptied on it`() async {
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

    @Test func `a source that waits for its sinks hears of a failure`() async {
        let fanout = SinkFanout([SinkQueue(RecordingSink(fails: true), limit: 1, logger: quiet)])
        fanout.enqueue(signal(0))
        await #expect(throws: RecordingSink.Failure.self) { try await fanout.drain() }
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
