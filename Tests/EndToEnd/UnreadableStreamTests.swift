import NIOCore
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetoneServer
import SidetoneService
import SidetoneWebSocket
import Testing

/// Streams that cannot be read, live and from captures: the reason is reported.
@Suite(.serialized, .timeLimit(.minutes(2))) struct UnreadableStreamTests {
    private final class Listener: WebSocketReceiver {
        private let ended: AsyncStream<WebSocketEnd>.Continuation
        init(_ ended: AsyncStream<WebSocketEnd>.Continuation) { self.ended = ended }
        func opened(_ connection: WebSocketConnection) {}
        func received(_ message: WireMessage, readAt: NIODeadline) {}
        func ended(_ end: WebSocketEnd) {
            ended.yield(end)
            ended.finish()
        }
    }

    /// How the receiver ends a stream of these messages.
    private func end(_ messages: [WireMessage], dialect: String) async throws -> WebSocketEnd? {
        try await LiveServer.run(sinks: ["summary"]) {
            $0.source?.dialect = dialect
        } _: { server in
            try await EventLoops.with(threads: 1) { loops in
                let client = try WebSocketClient(group: loops, trust: .system)
                let (ends, ended) = AsyncStream.makeStream(of: WebSocketEnd.self)
                let connection = try await client.connect(to: try WebSocketURL(server.url)) { Listener(ended) }
                for message in messages { connection.send(message) }
                var end: WebSocketEnd?
                for await seen in ends { end = seen }
                return end
            }
        }.value
    }

    private static let connected = WireMessage.text(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)

    @Test func `a start that cannot be read is answered with a close frame and the reason`() async throws {
        let start = WireMessage.text(#"{"event":"start","start":{"streamSid":"MZ1","callSid":{}}}"#)
        #expect(
            try await end([Self.connected, start], dialect: "twilio")
                == .closed(
                    code: 1_007,
                    reason: "twilio message 2: 'start.callSid' is an object; expected a string or a number [malformed]")
        )
    }

    @Test func `an encoding that is not decoded is answered 1003`() async throws {
        let start = WireMessage.text(
            #"{"event":"start","start":{"streamSid":"MZ1","callSid":"CA1","mediaFormat":{"encoding":"AMR"}}}"#)
        guard case .closed(1_003, let reason) = try await end([Self.connected, start], dialect: "twilio") else {
            Issue.record("not closed with 1003")
            return
        }
        #expect(reason.contains(#"'start.mediaFormat.encoding' is "AMR""#))
    }

    @Test func `JSON in binary frames is named`() async throws {
        let message = WireMessage(kind: .binary, bytes: Self.connected.bytes)
        guard case .closed(1_003, let reason) = try await end([message, message, message], dialect: "auto") else {
            Issue.record("not closed with 1003")
            return
        }
        #expect(reason.hasPrefix("no dialect recognised: message 1 is JSON in a binary frame; send it in text frames"))
    }

    @Test(arguments: [
        (#"{"t":0.1,"text":"{\"event\":\"start\",\"start\":{}}"}"#, "'start.callSid' is missing"),
        (#"{"t":0.1,"text":"{\"event\":\"connected\"}"}"#, "no 'start' among its 1 messages"),
        (#"{"t":1e300,"text":"{\"event\":\"connected\"}"}"#, "line 2: t is 1e+300"),
        ("", "contains no messages"),
    ])
    func `a capture without a stream exits 1 with the reason`(line: String, reason: String) async throws {
        let folder = try TemporaryFolder()
        let header = #"{"sidetone_capture":1,"dialect":"twilio","call":"c","stream":"s","started_at":""}"#
        let capture = try folder.write("broken.jsonl", text: "\(header)\n\(line)\(line.isEmpty ? "" : "\n")")
        let run = try await Program.run(["analyze", capture, "-o", "\(folder.path)/out"])
        #expect(run.status == 1)
        #expect(run.messages.contains(reason), "\(run.messages)")
    }
}
