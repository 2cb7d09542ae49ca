import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import SidetoneCallControl
import SidetoneModel
import SidetonePipeline
import SidetoneTestDoubles
import Synchronization
import Testing

@testable import SidetoneWebhooks

@Suite(.serialized, .timeLimit(.minutes(1))) struct WebhookServerTests {
    /// Runs a server on loopback for the duration of a closure.
    private func run(
        _ change: (inout WebhookSourceSettings) -> Void = { _ in }, sink: any PipelineSink = RecordingSink(.logs),
        clock: @escaping @Sendable () -> Double = { 0 }, writeTimeout: Duration = .seconds(5),
        work: @escaping @Sendable (String, WebhookServer) async throws -> Void
    ) async throws -> (counts: WebhookCounts, entries: [CallLogEntry]) {
        var settings = WebhookSourceSettings()
        settings.listen = "127.0.0.1:0"
        settings.allowPlaintext = true
        settings.allowUnsigned = ["signalwire"]
        settings.keyFiles["minivoice"] = "given below"
        change(&settings)
        let fanout = SinkFanout([SinkQueue(sink, limit: 10_000, logger: quiet)])
        let template = try DocumentTemplate(Array(#"{"actions":[{"say":{"text":"{{greeting}}"}}]}"#.utf8))
        let server = WebhookServer(
            settings: settings, keys: WebhookKeys(["minivoice": [Secret("sidetone-demo-secret")]]),
            documents: AnswerDocuments(
                rules: try AnswerRules([AnswerRule(called: "+49*", template: template)]),
                values: ["greeting": "Good morning."]),
            fanout: fanout, now: { sentAt }, uptime: clock, writeTimeout: writeTimeout, logger: quiet)
        let (addresses, address) = AsyncStream.makeStream(of: String.self)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await server.run(group: MultiThreadedEventLoopGroup.singleton) { address.yield($0) }
            }
            for await url in addresses {
                try await work(url, server)
                break
            }
            tasks.cancelAll()
            while await tasks.nextResult() != nil {}
        }
        try await fanout.drain()
        let entries = ((sink as? RecordingSink)?.items ?? []).compactMap { item in
            if case .log(let entry) = item { return entry }
            return nil
        }
        return (server.counts, entries)
    }

    private func send(
        _ url: String, request: WebhookRequest, body: HTTPClientRequest.Body? = nil
    ) async throws -> (status: Int, headers: HTTPHeaders, body: String) {
        var http = HTTPClientRequest(url: url + request.target)
        http.method = request.method == .get ? .GET : .POST
        for (name, value) in request.headers { http.headers.add(name: name, value: value) }
        if let body { http.body = body } else if !request.body.isEmpty { http.body = .bytes(request.body) }
        let response = try await HTTPClient.shared.execute(http, timeout: .seconds(30))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
        return (Int(response.status.code), response.headers, text)
    }

    private func expect(
        _ status: Int, url: String, request: WebhookRequest, body: HTTPClientRequest.Body? = nil,
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await send(url, request: request, body: body)
        #expect(answer.status == status, "\(answer.body)", sourceLocation: location)
    }

    @Test func `a webhook is answered immediately, accepted once, and logged with masked numbers`() async throws {
        let run = try await run { url, _ in
            for _ in 0..<3 { try await expect(200, url: url, request: signed()) }
        }
        #expect(run.counts.accepted == 1 && run.counts.repeated == 2 && run.counts.refused == 0)
        #expect(run.entries.map(\.event) == ["call.answered"])
        #expect(run.entries.first?.text("from") == "+49••••••22")
    }

    @Test func `a forgery, a replay and a malformed body are refused, and logged without a call`() async throws {
        let run = try await run { url, _ in
            var forged = signed()
            forged.body[3] ^= 1
            try await expect(401, url: url, request: forged)
            try await expect(401, url: url, request: signed(at: Int(sentAt) - 301))
            let malformed = try await send(url, request: signed(Array("{}".utf8)))
            #expect(malformed.status == 400)
            #expect(malformed.body.hasPrefix(#"{"error":{"code":"invalid_request","message":"#))
            #expect(malformed.headers.first(name: "content-type") == "application/json; charset=utf-8")
        }
        #expect(run.counts.unauthorized == 2 && run.counts.malformed == 1 && run.counts.accepted == 0)
        #expect(run.entries.map(\.event) == ["webhook.refused", "webhook.refused", "webhook.refused"])
        #expect(run.entries.allSatisfy { $0.call.isEmpty })
    }

    @Test func `the answer_url serves its document by GET and POST`() async throws {
        let run = try await run { url, _ in
            let document = #"{"actions":[{"say":{"text":"Good morning."}}]}"#
            let get = WebhookRequest(
                method: .get, target: "/answer?to=%2B4930111222&call_id=c1", headers: [:], body: [])
            let got = try await send(url, request: get)
            #expect(got.body == document)
            let post = WebhookRequest(
                method: .post, target: "/answer", headers: [:],
                body: Array(#"{"call":{"to":"+4930111222","id":"c2"}}"#.utf8))
            let posted = try await send(url, request: post)
            #expect(posted.body == document)
            let other = WebhookRequest(method: .get, target: "/answer?to=1", headers: [:], body: [])
            try await expect(404, url: url, request: other)
        }
        #expect(run.counts.answered == 2)
        #expect(run.entries.map(\.call) == ["c1", "c2", ""])
        #expect(run.entries.map(\.event) == ["actions.served", "actions.served", "actions.refused"])
    }

    @Test(arguments: [
        (HTTPMethod.PUT, "/webhooks/minivoice", "POST"), (.GET, "/webhooks/minivoice", "POST"),
        (.DELETE, "/webhooks/signalwire", "GET, POST"), (.HEAD, "/answer", "GET, POST"),
    ])
    func `another method gets 405 with the allowed methods`(method: HTTPMethod, path: String, allowed: String)
        async throws
    {
        let run = try await run { url, _ in
            var request = HTTPClientRequest(url: url + path)
            request.method = method
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            #expect(response.status == .methodNotAllowed && response.headers["allow"] == [allowed])
        }
        #expect(run.counts.refused == 1 && run.counts.accepted == 0)
    }

    @Test func `a platform without a key is not served unless allowed explicitly`() async throws {
        let run = try await run { url, _ in
            let twilio = WebhookRequest(
                method: .post, target: "/webhooks/twilio", headers: [:], body: Array("CallSid=CA1".utf8))
            try await expect(404, url: url, request: twilio)
        }
        #expect(run.counts == WebhookCounts())
    }

    @Test func `a body over the limit is refused, with or without Content-Length`() async throws {
        let run = try await run {
            $0.maxBodyKB = 1
        } work: { url, _ in
            let body = [UInt8](repeating: UInt8(ascii: " "), count: 5_000)
            try await expect(413, url: url, request: signed(body))
            let pieces = AsyncStream<ByteBuffer> { continuation in
                for _ in 0..<5 { continuation.yield(ByteBuffer(repeating: UInt8(ascii: " "), count: 1_000)) }
                continuation.finish()
            }
            try await expect(413, url: url, request: signed(), body: .stream(pieces, length: .unknown))
            try await expect(200, url: url, request: signed())
        }
        #expect(run.counts.tooLarge == 2 && run.counts.accepted == 1)
    }

    @Test func `a body that does not arrive times out, and the connection is closed`() async throws {
        let run = try await run {
            $0.bodyTimeoutS = 1
        } work: { url, _ in
            let port = Int(url.split(separator: ":").last ?? "") ?? 0
            let (answers, answer) = AsyncStream.makeStream(of: String.self)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Gathered(answer))
                    }
                }.connect(host: "127.0.0.1", port: port).get()
            let head = "POST /webhooks/minivoice HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"
            try await channel.writeAndFlush(ByteBuffer(string: head))
            var text = ""
            for await piece in answers { text += piece }
            #expect(text.hasPrefix("HTTP/1.1 408 "))
            try await channel.closeFuture.get()
            try await expect(200, url: url, request: signed())
        }
        #expect(run.counts.tooSlow == 1 && run.counts.accepted == 1)
    }

    @Test func `a head that does not arrive times out`() async throws {
        _ = try await run {
            $0.idleTimeoutS = 1
        } work: { url, _ in
            let port = Int(url.split(separator: ":").last ?? "") ?? 0
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await channel.writeAndFlush(ByteBuffer(string: "POST /webhooks/minivoice HTTP/1.1\r\nHost:"))
            try await channel.closeFuture.get()
            try await expect(200, url: url, request: signed())
        }
    }

    @Test func `a full event memory responds with Retry-After`() async throws {
        let run = try await run {
            $0.deduplicationCapacity = 1
        } work: { url, _ in
            try await expect(200, url: url, request: signed())
            let refused = try await send(url, request: signed(webhookBody("call.completed")))
            #expect(refused.status == 503 && refused.headers.first(name: "retry-after") == "5")
        }
        #expect(run.counts.full == 1)
    }

    @Test func `an event that no sink could write gets 503, is counted, and is written when delivered again`()
        async throws
    {
        let sink = FailingSink(failures: 2)
        let run = try await run(sink: sink) { url, _ in
            for _ in 0..<2 {
                let refused = try await send(url, request: signed())
                #expect(refused.status == 503 && refused.headers.first(name: "retry-after") == "5")
            }
            #expect(sink.entries.isEmpty)
            for _ in 0..<2 { try await expect(200, url: url, request: signed()) }
        }
        #expect(run.counts.notWritten == 2 && run.counts.accepted == 1 && run.counts.repeated == 1)
        #expect(sink.entries.map(\.event) == ["call.answered"])
    }

    @Test func `a hanging write gets 503 in time, and once it completes the next delivery is a repetition`()
        async throws
    {
        let sink = HangingSink()
        let run = try await run(sink: sink, writeTimeout: .milliseconds(50)) { url, _ in
            try await expect(503, url: url, request: signed())
            let second = try await send(url, request: signed())
            #expect(second.status == 503 && second.headers.first(name: "retry-after") == "1", "it is being written")
            sink.release()
            while true {
                let answer = try await send(url, request: signed())
                guard answer.status == 503 else {
                    #expect(answer.status == 200)
                    break
                }
            }
        }
        #expect(run.counts.repeated == 1 && run.counts.accepted == 0)
        #expect(sink.written == 1)
    }

    @Test func `every webhook acknowledged while a sink fails at random is written`() async throws {
        let sink = FailingSink(failures: 0, everyOther: true)
        let acknowledged = Acknowledged()
        _ = try await run(sink: sink) { url, _ in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for sender in 0..<10 {
                    tasks.addTask {
                        for number in 0..<20 {
                            let call = "call-\(sender)-\(number)"
                            let answer = try await send(url, request: signed(webhookBody(call: call)))
                            if answer.status == 200 { acknowledged.insert(call) }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
        }
        let written = Set(sink.entries.map(\.call))
        #expect(acknowledged.calls == written)
        #expect(written.count == 100, "every other one was refused")
    }

    @Test func `deduplication follows the monotonic clock, whatever the wall clock does`() async throws {
        let uptime = Mutex(0.0)
        let run = try await run {
            $0.deduplicationWindowS = 600
        } clock: {
            uptime.withLock { $0 }
        } work: { url, _ in
            // The wall clock of this server stands still; only the monotonic clock advances.
            for (time, status) in [(0.0, 200), (599, 200), (601, 200)] {
                uptime.withLock { $0 = time }
                try await expect(status, url: url, request: signed())
            }
        }
        #expect(run.counts.accepted == 2 && run.counts.repeated == 1)
    }

    @Test func `two gathers of one call are two events although they have the same key`() async throws {
        @Sendable func gathered(_ second: Int) -> [UInt8] {
            Array(
                """
                {"event":"call.gathered","created_at":"2026-03-04T09:15:0\(second)Z","call":{"id":"call_demo7",\
                "status":"in_progress","direction":"inbound"},"data":{"event_key":"call_demo7:call.gathered"}}
                """.utf8)
        }
        let run = try await run { url, _ in
            for second in [7, 7, 9] { try await expect(200, url: url, request: signed(gathered(second))) }
        }
        #expect(run.counts.accepted == 2 && run.counts.repeated == 1)
    }

    @Test func `the log of the answer_url states whether the request was signed`() async throws {
        let run = try await run { url, _ in
            let get = WebhookRequest(
                method: .get, target: "/answer?to=%2B4930111222&call_id=c1", headers: [:], body: [])
            try await expect(200, url: url, request: get)
            var post = signed(Array(#"{"call":{"to":"+4930111222","id":"c2"}}"#.utf8))
            post.target = "/answer"
            try await expect(200, url: url, request: post)
        }
        #expect(run.entries.map(\.isVerified) == [false, true])
    }

    @Test func `webhooks are logged in any order`() async throws {
        let events = ["call.completed", "call.answered", "recording.completed", "call.created", "call.new_kind"]
        let run = try await run { url, _ in
            for event in events { try await expect(200, url: url, request: signed(webhookBody(event))) }
        }
        #expect(run.entries.map(\.event) == events)
    }
}

/// Collects received bytes until the connection is closed.
private final class Gathered: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: AsyncStream<String>.Continuation

    init(_ answer: AsyncStream<String>.Continuation) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer.yield(String(buffer: unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) { answer.finish() }
}

/// Fails a number of times, or every other time, and records what it wrote.
private final class FailingSink: Sink {
    struct Failure: Error {}
    static let name = "failing"
    private let state: Mutex<(failures: Int, entries: [CallLogEntry])>
    private let everyOther: Bool

    init(failures: Int, everyOther: Bool = false) {
        state = Mutex((failures, []))
        self.everyOther = everyOther
    }

    var kinds: PipelineItem.Kinds { .logs }
    var entries: [CallLogEntry] { state.withLock { $0.entries } }

    func write(_ items: [PipelineItem]) async throws {
        try state.withLock { state in
            if state.failures > 0 {
                state.failures -= 1
                throw Failure()
            }
            if everyOther { state.failures = 1 }
            for case .log(let entry) in items where entry.event != "webhook.refused" { state.entries.append(entry) }
        }
    }

    func close() async throws {}
}

/// Hangs in its first write until it is released.
private final class HangingSink: Sink {
    static let name = "hanging"
    private let (released, releases) = AsyncStream.makeStream(of: Void.self)
    private let count = Mutex(0)

    var kinds: PipelineItem.Kinds { .logs }
    var written: Int { count.withLock { $0 } }
    func release() { releases.finish() }

    func write(_ items: [PipelineItem]) async throws {
        for await _ in released {}
        for case .log(let entry) in items where entry.event == "call.answered" { count.withLock { $0 += 1 } }
    }

    func close() async throws {}
}

/// The calls whose webhooks were answered 200.
private final class Acknowledged: Sendable {
    private let state = Mutex<Set<String>>([])

    func insert(_ call: String) { state.withLock { _ = $0.insert(call) } }

    var calls: Set<String> { state.withLock { $0 } }
}
