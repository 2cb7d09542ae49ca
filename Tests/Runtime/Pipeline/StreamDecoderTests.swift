import Logging
import SidetoneModel
import SidetonePlatforms
import SidetoneTestDoubles
import SidetoneTracks
import Testing

@testable import SidetonePipeline

@Suite(.timeLimit(.minutes(1))) struct StreamDecoderTests {
    private let recorder = Recorder()

    private func carrier(_ dialect: String = "twilio", headers: [String: String] = [:]) async -> Carrier {
        let carrier = Carrier()
        await carrier.begin(dialect, headers: headers, fanout: recorder.fanout)
        return carrier
    }

    private func messages(_ dialect: any Dialect.Type, events: [StreamEvent]) throws -> [WireMessage] {
        var writer = dialect.init()
        return try events.flatMap { try writer.messages(for: $0) }
    }

    @Test(arguments: PlatformCatalog.all.map { $0.name })
    func `a stream in a named dialect is read to its stop`(name: String) async throws {
        let type = try #require(PlatformCatalog.named(name))
        let carrier = await carrier(name)
        let media = packets(.inbound, numbers: 0..<10).map { StreamEvent.media($0) }
        var verdicts: [String] = []
        for message in try messages(type, events: [.connected, .start(start())] + media + [.stop]) {
            verdicts.append(await carrier.receive(message))
        }
        let hasStop = type.profile.end == .message
        #expect(verdicts.dropLast().allSatisfy { $0 == "go on" })
        #expect(verdicts.last == (hasStop ? "stopped" : "go on"))
        // A platform that ends its streams by closing has ended it, too.
        _ = await carrier.end(.closed)
        let left = try await recorder.left()
        #expect(left.summaries.map(\.reason) == [.stop])
        #expect(left.summaries.first?.tracks.first?.counters.packets == 10)
        #expect(left.messages.count == verdicts.count)
        #expect(verdicts.count == 11 + (hasStop ? 1 : 0) + (type.profile.carries.contains(.greeting) ? 1 : 0))
    }

    @Test(arguments: [("twilio", "CA1", "MZ1"), ("twilio", "call", "stream"), ("signalwire", "call", "stream")])
    func `a dialect is recognised, and none of its opening messages is lost`(
        name: String, call: String, stream: String
    ) async throws {
        let type = try #require(PlatformCatalog.named(name))
        let carrier = await carrier("auto")
        let media = packets(.inbound, numbers: 0..<10).map { StreamEvent.media($0) }
        for message in try messages(
            type, events: [.connected, .start(start(call: call, stream: stream))] + media + [.stop])
        {
            _ = await carrier.receive(message)
        }
        #expect(await carrier.dialects == [name])
        let left = try await recorder.left()
        #expect(left.summaries.first?.tracks.first?.counters.packets == 10)
        #expect(left.messages.count == 13)
    }

    @Test func `a stop among the messages that reveal the dialect is effective`() async throws {
        let carrier = await carrier("auto")
        var verdicts: [String] = []
        for message in try messages(
            Twilio.self, events: [.connected, .start(start(call: "call", stream: "stream")), .stop])
        {
            verdicts.append(await carrier.receive(message))
        }
        #expect(verdicts == ["go on", "go on", "stopped"])
        #expect(try await recorder.left().summaries.map(\.reason) == [.stop])
    }

    @Test func `a platform-specific header decides at the first message`() async throws {
        let carrier = await carrier("auto", headers: ["x-twilio-signature": "a"])
        _ = await carrier.receive(try messages(Twilio.self, events: [.connected])[0])
        #expect(await carrier.dialects == ["twilio"])
    }

    @Test func `an unknown dialect is abandoned after three messages`() async {
        let carrier = await carrier("auto")
        var verdicts: [String] = []
        for _ in 0..<3 { verdicts.append(await carrier.receive(.text("hello"))) }
        #expect(verdicts == ["go on", "go on", "broken 1003"])
        #expect(await carrier.dialects == [])
    }

    @Test func `a hundred consecutive unreadable messages break the stream, and fewer are counted`() async throws {
        let limit = StreamDecoder.failureLimit
        let carrier = await carrier()
        let opening = try messages(Twilio.self, events: [.connected, .start(start())])
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

    @Test func `a start with an unsupported codec breaks the stream at once`() async {
        let carrier = await carrier()
        let verdict = await carrier.receive(
            .text(
                #"{"event":"start","streamSid":"MZ1","start":{"streamSid":"MZ1","callSid":"CA1","#
                    + #""mediaFormat":{"encoding":"AMR","sampleRate":8000,"channels":1}}}"#))
        #expect(verdict == "broken 1003")
        #expect(await carrier.end(.violation) == nil)
        #expect(await carrier.why.contains("\"AMR\""))
    }

    @Test(arguments: ["{}", #"{"callSid":"CA1","streamSid":"MZ1"}"#, "[]", #"{"callSid":true,"streamSid":"MZ1"}"#])
    func `a start that cannot be read breaks the stream at once, with the reason`(start: String) async {
        let carrier = await carrier()
        #expect(await carrier.receive(.text(#"{"event":"start","start":\#(start)}"#)) == "broken 1007")
        let why = await carrier.why
        #expect(why.contains("'start"), "\(why)")
        #expect(await carrier.end(.violation) == nil)
    }

    @Test func `a further start that cannot be read is refused, and the stream continues`() async throws {
        let carrier = await carrier()
        for message in try messages(Twilio.self, events: [.connected, .start(start())]) {
            _ = await carrier.receive(message)
        }
        #expect(await carrier.receive(.text(#"{"event":"start","start":{}}"#)) == "go on")
        #expect(await carrier.refused == 1)
        #expect(await carrier.end(.closed) != nil)
    }

    @Test func `JSON in binary frames is abandoned with that reason`() async throws {
        let carrier = await carrier("auto")
        var verdict = ""
        for _ in 0..<3 {
            verdict = await carrier.receive(WireMessage(kind: .binary, bytes: Array(#"{"event":"connected"}"#.utf8)))
        }
        #expect(verdict == "broken 1003")
        #expect(await carrier.why.contains("JSON in a binary frame"))
    }

    @Test func `irregular fields are tolerated`() async throws {
        let carrier = await carrier()
        let text = #"""
            {"event":"start","start":{"callSid":1,"streamSid":2,"accountSid":[],"tracks":7,"customParameters":{"a":1},
             "mediaFormat":{"encoding":"PCMU","sampleRate":"8000.0"}}}
            """#
        #expect(await carrier.receive(.text(text)) == "go on")
        _ = await carrier.end(.stop)
        #expect(try await recorder.left().summaries.map(\.refusedMessages) == [0])
    }

    @Test func `a second start opens the next segment of the call, and the first stays complete`() async throws {
        let carrier = await carrier()
        let media = packets(.inbound, numbers: 0..<10).map { StreamEvent.media($0) }
        let events: [StreamEvent] = [.connected, .start(start())] + media + [.start(start())] + media + [.stop]
        for message in try messages(Twilio.self, events: events) { _ = await carrier.receive(message) }
        #expect(await carrier.segments == [1, 2])
        let left = try await recorder.left()
        #expect(left.opened == 2)
        #expect(left.summaries.map(\.reason) == [.restarted, .stop])
        #expect(left.summaries.map { $0.tracks.first?.counters.packets } == [10, 10])
        let streams = recorder.sink.items.compactMap { item -> StreamInfo? in
            if case .stream(let stream, .opened) = item { return stream }
            return nil
        }
        #expect(streams.map(\.folder) == [["<CA1>", "<MZ1>"], ["<CA1>", "<MZ1-2>"]])
        #expect(streams.map(\.start.callID) == ["CA1", "CA1"])
        // Each capture begins with its own start and holds no other.
        let captured = recorder.sink.items.compactMap { item -> String? in
            guard case .stream(let stream, .message(let message)) = item else { return nil }
            let text = String(decoding: message.message.bytes, as: UTF8.self)
            return text.contains("\"start\"") && text.contains("streamSid") && text.contains("mediaFormat")
                ? stream.folder[1] : nil
        }
        #expect(captured == ["<MZ1>", "<MZ1-2>"])
    }

    @Test func `a stream that starts again within a long gap ends part by part beside the next one`() async throws {
        let carrier = await carrier()
        var ahead = packets(.inbound, numbers: 20..<21)[0]
        ahead.timestampMs = 299_000
        let media = packets(.inbound, numbers: 0..<10).map { StreamEvent.media($0) }
        let events: [StreamEvent] = [.connected, .start(start())] + media + [.media(ahead), .start(start())] + media
        for message in try messages(Twilio.self, events: events) { _ = await carrier.receive(message) }
        #expect(await carrier.isFilling)
        #expect(try await recorder.left().summaries.isEmpty)
        var parts = 0
        while await carrier.continueEnd() { parts += 1 }
        #expect(parts >= 30)
        #expect(await !carrier.isFilling)
        let first = try #require(try await recorder.left().summaries.first)
        #expect(first.reason == .restarted && first.seconds == 299.02)
        #expect(await carrier.end(.stop)?.seconds == 0.2)
    }

    @Test func `a stream without a start ends after its deadline`() async throws {
        let carrier = await carrier()
        let media = try messages(Twilio.self, events: packets(.inbound, numbers: 0..<2).map { StreamEvent.media($0) })
        #expect(await carrier.receive(media[0], at: 1) == "go on")
        #expect(await carrier.overdue(at: 10.9) == nil)
        #expect(await carrier.overdue(at: 11)?.contains("no start message within 10 s") == true)
        #expect(await carrier.receive(media[1], at: 11) == "broken 1008")
        let started = try messages(Twilio.self, events: [.start(start())])
        let other = await self.carrier()
        #expect(await other.receive(started[0], at: 1) == "go on")
        #expect(await other.overdue(at: 100) == nil)
    }

    @Test func `large messages before the dialect is known are bounded in bytes`() async {
        let carrier = await carrier("auto")
        let large = WireMessage.text(String(repeating: " ", count: StreamDecoder.earlyBytesLimit / 2))
        #expect(await carrier.receive(large) == "go on")
        #expect(await carrier.receive(large) == "broken 1009")
    }

    @Test func `the first end counts`() async throws {
        let carrier = await carrier()
        for message in try messages(Twilio.self, events: [.connected, .start(start())]) {
            _ = await carrier.receive(message)
        }
        #expect(await carrier.end(.reset)?.reason == .reset)
        #expect(await carrier.end(.stop)?.reason == .reset)
    }
}

/// Carries messages on an executor of its own, as a connection does on its event loop.
private actor Carrier {
    private nonisolated let executor = QueueExecutor(label: "tests")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var ingest: StreamDecoder?
    private(set) var dialects: [String] = []
    private(set) var segments: [Int] = []
    private(set) var why = ""
    private var count = 0.0

    var refused: Int { ingest?.refused ?? 0 }
    var messages: Int { ingest?.messages ?? 0 }

    func begin(_ dialect: String, headers: [String: String], fanout: SinkFanout) {
        ingest = StreamDecoder(
            settings: .init(dialect: dialect, l16BigEndian: false),
            opening: Opening(headers: headers, connectionID: "connection"), logger: quiet,
            makeIngest: { [executor] dialect, segment in
                self.assumeIsolated {
                    $0.dialects.append(dialect)
                    $0.segments.append(segment)
                }
                return StreamIngest(
                    dialect: dialect, settings: StreamSettings(), fanout: fanout, naming: naming, segment: segment,
                    executor: executor, logger: quiet)
            }, reply: { _ in })
    }

    func overdue(at now: Double) -> String? { ingest?.overdue(now: now) }

    /// - Parameter arrival: nil: 20 ms after the message before.
    func receive(_ message: WireMessage, at arrival: Double? = nil) -> String {
        count = arrival ?? count + 0.02
        switch ingest?.receive(message, arrival: count) {
        case .goOn: return "go on"
        case .stopped: return "stopped"
        case .broken(let reason, let code):
            why = reason
            return "broken \(code)"
        case nil: return "not begun"
        }
    }

    func end(_ reason: EndReason) -> StreamSummary? { ingest?.end(reason) }

    var isFilling: Bool { ingest?.isFilling ?? false }
    func continueEnd() -> Bool { ingest?.continueEnd() ?? false }
}
