import SidetoneCallControl
import SidetoneHTTP
import SidetoneJSON
import SidetoneSignatures
import SidetoneTestDoubles
import Synchronization
import Testing

@testable import SidetoneEmulator

@Suite(.timeLimit(.minutes(1))) struct WebhookSenderTests {
    /// A receiver in this process: answers by rule, keeps what came.
    private final class Receiver: Sendable {
        private let requests = Mutex<[WebRequest]>([])
        private let rule: @Sendable (_ number: Int, WebRequest) -> Result<WebAnswer, WebError>

        init(_ rule: @escaping @Sendable (Int, WebRequest) -> Result<WebAnswer, WebError>) { self.rule = rule }

        func take(_ request: WebRequest) -> Result<WebAnswer, WebError> {
            let number = requests.withLock { requests in
                requests.append(request)
                return requests.count
            }
            return rule(number, request)
        }

        var bodies: [String] { requests.withLock { $0.map { String(decoding: $0.body, as: UTF8.self) } } }
        var all: [WebRequest] { requests.withLock { $0 } }
    }

    private static func webhook(_ event: WebhookEvent, secret: Secret? = nil) -> OutgoingWebhook {
        OutgoingWebhook(
            MiniVoiceWebhook(
                event: event, createdAt: UTCTime(unixMs: 1_780_000_000_000),
                call: WebhookCall(id: "call_demo7", status: "in_progress", direction: .inbound)),
            to: "https://hooks.example.org/mv?key=hush", secret: secret)
    }

    private func sender(_ receiver: Receiver, clock: ManualClock = ManualClock()) -> WebhookSender {
        WebhookSender(clock: clock, wallClock: { UTCTime(unixMs: 1_780_000_000_000) }) { receiver.take($0) }
    }

    @Test func `what is offered is delivered in order, signed as the platform signs`() async throws {
        let receiver = Receiver { _, _ in .success(WebAnswer(status: 200)) }
        let sender = sender(receiver)
        let secret = Secret("sidetone-demo-secret")
        async let running: Void = sender.run()
        for event in [WebhookEvent.callCreated, .callAnswered, .callCompleted] {
            sender.offer(Self.webhook(event, secret: secret))
        }
        let report = await sender.finish(within: .seconds(10))
        await running
        #expect(report.counts.delivered == 3 && report.failures.isEmpty)
        #expect(
            try receiver.all.map { try MiniVoiceWebhook.read($0.body).event } == [
                .callCreated, .callAnswered, .callCompleted,
            ])
        for request in receiver.all {
            let fields = Dictionary(request.headers.map { ($0.name, $0.value) }) { first, _ in first }
            #expect(fields["X-MiniVoice-Timestamp"] == "1780000000")
            try WebhookSignature(key: secret).checkMiniVoice(
                fields["X-MiniVoice-Signature"], timestamp: fields["X-MiniVoice-Timestamp"], body: request.body,
                now: 1_780_000_000)
        }
    }

    @Test func `without a secret nothing is signed`() async {
        let receiver = Receiver { _, _ in .success(WebAnswer(status: 200)) }
        let sender = sender(receiver)
        async let running: Void = sender.run()
        sender.offer(Self.webhook(.callCreated))
        _ = await sender.finish(within: .seconds(10))
        await running
        #expect(receiver.all.first?.headers.contains { $0.name.hasPrefix("X-MiniVoice") } == false)
    }

    @Test func `a receiver that fails twice gets it at the third attempt, when its time has come`() async {
        let receiver = Receiver { number, _ in
            number == 1
                ? .failure(WebError(.cannotConnect, "nobody there"))
                : .success(WebAnswer(status: number == 2 ? 500 : 204))
        }
        let clock = ManualClock()
        let sender = sender(receiver, clock: clock)
        async let running: Void = sender.run()
        sender.offer(Self.webhook(.callCreated))
        for _ in 0..<2 {
            await clock.sleeping(1)
            clock.advance(by: .seconds(1))
        }
        let report = await sender.finish(within: .seconds(100))
        await running
        #expect(report.counts.attempts == 3 && report.counts.delivered == 1 && report.counts.givenUp == 0)
    }

    @Test func `the end waits up to its limit, and reports what remained`() async {
        let receiver = Receiver { _, _ in .success(WebAnswer(status: 503, headers: [("Retry-After", "60")])) }
        let clock = ManualClock()
        let sender = sender(receiver, clock: clock)
        async let running: Void = sender.run()
        sender.offer(Self.webhook(.callCompleted))
        await clock.sleeping(1)
        async let report = sender.finish(within: .seconds(5))
        await clock.sleeping(2)
        clock.advance(by: .seconds(5))
        let left = await report
        await running
        #expect(left.counts.unfinished == 1 && left.counts.attempts == 1)
        #expect(left.failures == ["call.completed to https://hooks.example.org: the deadline passed"])
    }

    @Test func `a status callback goes out as JSON, or as a query`() throws {
        var status = StreamStatus(callID: "c-1", controlID: "assist", state: .streaming, url: "wss://rx.example.org/sw")
        status.timestamp = JSONNumber(1_790_000_001.25)
        let post = OutgoingWebhook(status, to: "https://hooks.example.org/s", method: .post).request(unixSeconds: 0)
        #expect(post.method == "POST")
        #expect(try StreamStatus.read(post.body) == status)
        let get = OutgoingWebhook(status, to: "https://hooks.example.org/s?a=b", method: .get).request(unixSeconds: 0)
        #expect(get.method == "GET" && get.body.isEmpty && get.url.hasPrefix("https://hooks.example.org/s?a=b&"))
        let query = get.url.split(separator: "?", maxSplits: 1)[1].dropFirst("a=b&".count)
        #expect(try StreamStatus(assumedQuery: Form.read(Array(query.utf8))) == status)
    }

    @Test func `reports contain neither secret nor query`() async {
        let receiver = Receiver { _, _ in .failure(WebError(.refused, "a private address")) }
        let sender = sender(receiver)
        async let running: Void = sender.run()
        let webhook = Self.webhook(.callCreated, secret: Secret("hush"))
        sender.offer(webhook)
        let report = await sender.finish(within: .seconds(10))
        await running
        var told = ""
        dump(report, to: &told)
        dump(webhook.secret, to: &told)
        #expect(!told.contains("hush") && report.counts.givenUp == 1)
    }
}
