import Logging
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms
import SidetoneTestDoubles
import Testing

/// The receiver's entries in a call's log.
@Suite struct ReceiverLogTests {
    private let sink = RecordingSink(.logs)
    private let fanout: SinkFanout

    init() { fanout = SinkFanout([SinkQueue(sink, limit: 1_000, logger: quiet)]) }

    private func entries() async throws -> [CallLogEntry] {
        try await fanout.drain()
        return sink.items.compactMap { item in
            if case .log(let entry) = item { return entry }
            return nil
        }
    }

    private func ingest() -> StreamIngest {
        StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
    }

    @Test func `a stream is logged at its opening, the first media of each track, and its end`() async throws {
        let ingest = ingest()
        try await ingest.accept(.start(start()))
        for number in 0..<10 {
            try await ingest.accept(.media(packets(.inbound, numbers: number..<number + 1)[0]))
            try await ingest.accept(.media(packets(.outbound, numbers: number..<number + 1)[0]))
        }
        await ingest.end(.stop)
        await ingest.end(.closed)
        let entries = try await entries()
        #expect(entries.map(\.event) == ["stream.opened", "media.first", "media.first", "stream.ended"])
        #expect(entries.allSatisfy { $0.call == "CA1" && $0.log == .receiver && $0.time == 1_772_366_400 })
        #expect(entries.allSatisfy { $0.text("stream") == "MZ1" })
        #expect(entries[0].text("codec") == "PCMU" && entries[0].number("sample_rate_hz") == 8_000)
        #expect(entries[1].text("track") == "inbound" && entries[2].text("track") == "outbound")
        #expect(entries[3].text("reason") == "stop")
        #expect(entries[3].number("inbound_packets") == 10 && entries[3].number("outbound_gaps") == 0)
    }

    @Test func `irregular messages are logged a limited number of times`() async throws {
        let ingest = ingest()
        try await ingest.accept(.start(start()))
        for number in 0..<100 { try await ingest.accept(.remark("odd \(number)")) }
        await ingest.end(.stop)
        let odd = try await entries().filter { $0.event == "message.odd" }
        #expect(odd.map { $0.text("detail") } == (0..<20).map { "odd \($0)" })
        #expect(odd.allSatisfy { $0.call == "CA1" && $0.text("stream") == "MZ1" })
    }

    @Test func `refused messages are logged a limited number of times, and counted at the end`() async throws {
        let ingest = ingest()
        try await ingest.accept(.start(start()))
        for number in 0..<100 { await ingest.refuse("bad \(number)") }
        await ingest.refuse()
        await ingest.end(.closed)
        let entries = try await entries()
        #expect(entries.count { $0.event == "message.refused" } == 20)
        #expect(entries.last?.number("refused_messages") == 101)
    }

    @Test func `nothing is logged if no sink accepts logs`() async throws {
        let recorder = Recorder()
        let ingest = StreamIngest(
            dialect: "twilio", settings: StreamSettings(), fanout: recorder.fanout, naming: naming,
            executor: QueueExecutor(label: "tests"), logger: quiet)
        try await ingest.accept(.start(start()))
        await ingest.end(.stop)
        try await recorder.fanout.drain()
        for case .log in recorder.sink.items { Issue.record("a log entry came") }
    }
}
