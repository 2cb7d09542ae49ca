import Logging
import SidetoneDialects
import SidetoneModel
import SidetoneTracks
import Testing

@testable import SidetonePipeline

@Suite(.timeLimit(.minutes(1))) struct MessageIngestTests {
    private let recorder = Recorder()

    private func carrier(_ dialect: String = "twilio", headers: [String: String] = [:]) async -> Carrier {
        let carrier = Carrier()
        await carrier.begin(dialect, headers, recorder.fanout)
        return carrier
    }

    private func messages(_ dialect: any Dialect.Type, _ events: [StreamEvent]) throws -> [WireMessage] {
        var writer = dialect.init()
        return try events.map { try writer.write($0) }
    }

    @Test(arguments: DialectCatalog.all.map { $0.name })
    func `a stream in a named dialect is read to its stop`(name: String) async throws {
        let type = try #require(DialectCatalog.named(name))
        let carrier = await carrier(name)
        let media = packets(.inbound, 0..<10).map { StreamEvent.media($0) }
        var verdicts: [String] = []
        for message in try messages(type, [.connected, .start(start())] + media + [.stop]) {
            verdicts.append(await carrier.receive(message))
        }
        #expect(verdicts == Array(repeating: "go on", count: 12) + ["stopped"])
        let left = try await recorder.left()
        #expect(left.summaries.map(\.reason) == [.stop])
        #expect(left.summaries.first?.tracks.first?.counters.packets == 10)
        #expect(left.messages.count == 13)
    }

    @Test(arguments: [("twilio", "CA1", "MZ1"), ("twilio", "call", "stream"), ("signalwire", "call", "stream")])
    func `a dialect is recognised, and nothing of its opening is lost`(
        name: String, call: String, stream: String
    ) async throws {
        let type = try #require(DialectCatalog.named(name))
        let carrier = await carrier("auto")
        let media = packets(.inbound, 0..<10).map { StreamEvent.media($0) }
        for message in try messages(type, [.connected, .start(start(call: call, stream: stream))] + media + [.stop]) {
            _ = await carrier.receive(message)
        }
        #expect(await carrier.dialects == [name])
        let left = try await recorder.left()
        #expect(left.summaries.first?.tracks.first?.counters.packets == 10)
        #expect(left.messages.count == 13)
    }

    @Test func `a stop within the messages that show the dialect is a stop`() async throws {
        let carrier = await carrier("auto")
        var verdicts: [String] = []
        for message in try messages(
            Twilio.self, [.connected, .start(start(call: "call", stream: "stream")), .stop])
        {
            verdicts.append(await carrier.receive(message))
        }
        #expect(verdicts == ["go on", "go on", "stopped"])
        #expect(try await recorder.left().summaries.map(\.reason) == [.stop])
    }

    @Test func `a header that is one platform's own decides at the first message`() async throws {
        let carrier = await carrier("auto", headers: ["x-twilio-signature": "a"])
        _ = await carrier.receive(try messages(Twilio.self, [.connected])[0])
        #expect(await carrier.dialects == ["twilio"])
    }

    @Test func `what is no dialect is given up after three messages`() async {
        let carrier = await carrier("auto")
        var verdicts: [String] = []
        for _ in 0..<3 { verdicts.append(await carrier.receive(.text("hello"))) }
        #expect(verdicts == ["go on", "go on", "broken 1003"])
        #expect(await carrier.dialects == [])
    }

    @Test func `a hundred unreadable messages in a row break the stream, and fewer are counted`() async throws {
        let limit = MessageIngest.failureLimit
        let carrier = await carrier()
        let opening = try messages(Twilio.self, [.connected, .start(start())])
        for message in opening { _ = await carrier.receive(message) }
        for _ in 1..<limit { #expect(await carrier.receive(.text("{")) == "go on") }
        // One that can be read, and the count begins anew.
        #expect(await carrier.receive(opening[0]) == "go on")
        for _ in 1..<limit { #expect(await carrier.receive(.text("{")) == "go on") }
        #expect(await carrier.receive(.text("{")) == "broken 1008")
        #expect(await carrier.end(.violation)?.refusedMessages == 2 * limit - 1)
        #expect(await carrier.refused == 2 * limit - 1)
        #expect(await carrier.messages == 2 * limit + 2)
    }

    @Test func `a start in a codec that is not there breaks the stream at once`() async {
        let carrier = await carrier()
        let verdict = await carrier.receive(
            .text(
                #"{"event":"start","streamSid":"MZ1","start":{"streamSid":"MZ1","callSid":"CA1","#
                    + #""mediaFormat":{"encoding":"AMR","sampleRate":8000,"channels":1}}}"#))
        #expect(verdict == "broken 1003")
        #expect(await carrier.end(.violation) == nil)
    }

    @Test func `the first end stands`() async throws {
        let carrier = await carrier()
        for message in try messages(Twilio.self, [.connected, .start(start())]) { _ = await carrier.receive(message) }
        #expect(await carrier.end(.reset)?.reason == .reset)
        #expect(await carrier.end(.stop)?.reason == .reset)
    }
}

/// Carries messages on an executor of its own, as a connection does on its event loop.
private actor Carrier {
    private nonisolated let executor = QueueExecutor(label: "tests")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var ingest: MessageIngest?
    private(set) var dialects: [String] = []
    private var count = 0.0

    var refused: Int { ingest?.refused ?? 0 }
    var messages: Int { ingest?.messages ?? 0 }

    func begin(_ dialect: String, _ headers: [String: String], _ fanout: SinkFanout) {
        ingest = MessageIngest(
            settings: .init(dialect: dialect, l16BigEndian: false), headers: headers, logger: quiet,
            makeIngest: { [executor] dialect in
                self.assumeIsolated { $0.dialects.append(dialect) }
                return StreamIngest(
                    dialect: dialect, settings: StreamSettings(), fanout: fanout, naming: naming, executor: executor,
                    logger: quiet)
            }, reply: { _ in })
    }

    func receive(_ message: WireMessage) -> String {
        count += 1
        switch ingest?.receive(message, arrival: count) {
        case .goOn: return "go on"
        case .stopped: return "stopped"
        case .broken(_, let code): return "broken \(code)"
        case nil: return "not begun"
        }
    }

    func end(_ reason: EndReason) -> StreamSummary? { ingest?.end(reason) }
}
