import HTTPTypes
import Hummingbird
public import Logging
public import NIOCore
import NIOSSL
public import SidetoneCallControl
import SidetoneHTTP
import SidetoneModel
public import SidetonePipeline
import SidetoneWebSocket
import Synchronization

/// The source of what platforms say of calls: takes webhooks and status callbacks, and serves the documents of an answer_url.
///
/// It has a listener, a thread and a queue of its own: streams never wait for it, and it never waits for them.
public final class WebhookServer: Sendable {
    private let settings: WebhookSourceSettings
    private let desk: WebhookDesk
    private let answers: AnswerDesk?
    private let queue: WebhookQueue
    private let fanout: SinkFanout
    private let now: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<(counts: WebhookCounts, budget: LogBudget)>

    /// - Parameters:
    ///   - keys: of every platform whose webhooks are signed.
    ///   - answers: which document answers which number; nil: the answer_url is not served.
    ///   - values: fill the placeholders of the documents.
    ///   - now: seconds since 1970.
    public init(
        settings: WebhookSourceSettings, keys: WebhookKeys, answers: AnswerRules?, values: [String: String],
        fanout: SinkFanout, now: @escaping @Sendable () -> Double, logger: Logger
    ) {
        self.settings = settings
        desk = WebhookDesk(settings, keys)
        self.answers = answers.map { AnswerDesk($0, values: values) }
        queue = WebhookQueue(
            limit: settings.queueWebhooks, seen: settings.seenWebhooks, seenS: Double(settings.seenS))
        self.fanout = fanout
        self.now = now
        self.logger = logger
        state = Mutex((WebhookCounts(), LogBudget()))
    }

    public var counts: WebhookCounts { state.withLock { $0.counts } }

    /// Answers until the task is shut down gracefully or cancelled, then works off what waits.
    ///
    /// - Parameters:
    ///   - group: the event loops of its connections; not those of streams.
    ///   - ready: told the address once it listens.
    /// - Throws: when the address cannot be listened at, or the certificate cannot be used.
    public func run(group: any EventLoopGroup, ready: @escaping @Sendable (String) -> Void) async throws {
        guard let address = settings.address else { return }
        let scheme = settings.scheme
        var tls: (@Sendable () -> NIOSSLContext)?
        if !settings.plain {
            let certificate = try ReloadedCertificate(
                certificate: settings.certificate, key: settings.key, logger: logger)
            tls = { certificate.context }
        }
        let listener = HTTPListener(
            address: address, tls: tls, router: router(), idle: Int64(settings.idleTimeoutS),
            connections: settings.maxConnections, group: group, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.work() }
            do {
                try await listener.run { port in ready("\(scheme)://\(address.host):\(port)") }
            } catch {
                // It may be started again: what was accepted stays in the queue, which goes on taking.
                tasks.cancelAll()
                throw error
            }
            queue.close()
            try await tasks.waitForAll()
        }
    }

    /// Hands on what was accepted, until the queue is closed and empty.
    private func work() async {
        while let entries = await queue.nextBatch() {
            for entry in entries { tell(entry) }
        }
    }

    private func tell(_ entry: CallLogEntry) {
        guard fanout.kinds.contains(.logs) else { return }
        fanout.enqueue(.log(settings.keepNumbers ? entry : entry.masked))
    }

    // MARK: Requests

    private func router() -> Router<WebhookContext> {
        let router = Router(context: WebhookContext.self)
        for platform in Platform.allCases where settings.isOpen(platform) {
            serve(router, settings.path(of: platform)) { request throws(WebhookRefusal) in
                try self.receive(request, from: platform)
                return Response(status: .ok)
            }
        }
        if let answers {
            serve(router, settings.answerPath) { request throws(WebhookRefusal) in
                let body = try self.answer(request, answers)
                return Response(
                    status: .ok,
                    headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
                    body: .init(byteBuffer: ByteBuffer(bytes: body)))
            }
        }
        return router
    }

    private func serve(
        _ router: Router<WebhookContext>, _ path: String,
        _ work: @escaping @Sendable (WebhookRequest) throws(WebhookRefusal) -> Response
    ) {
        for method in [HTTPRequest.Method.get, .post] {
            router.on(RouterPath(path), method: method) { request, context -> Response in
                do throws(WebhookRefusal) {
                    let body = try await BoundedBody(self.settings).collect(request)
                    return try work(
                        WebhookRequest(
                            method: method == .get ? .get : .post, target: request.head.path ?? path,
                            headers: Self.headers(of: request), body: body))
                } catch {
                    // What is still to come of the body is not waited for.
                    if [408, 413].contains(error.status) { context.hangUp() }
                    return self.refuse(error, path)
                }
            }
        }
        for method in [HTTPRequest.Method.head, .put, .delete, .patch, .options] {
            router.on(RouterPath(path), method: method) { _, _ in
                self.refuse(.method(path == self.settings.minivoicePath ? "POST" : "GET, POST"), path)
            }
        }
    }

    private func receive(_ request: WebhookRequest, from platform: Platform) throws(WebhookRefusal) {
        let time = now()
        let webhook = try desk.read(request, from: platform, now: time)
        let answer = queue.offer(webhook, now: time)
        guard answer != .full else { throw .full }
        state.withLock { state in
            if answer == .taken { state.counts.accepted += 1 } else { state.counts.repeated += 1 }
        }
    }

    private func answer(_ request: WebhookRequest, _ answers: AnswerDesk) throws(WebhookRefusal) -> [UInt8] {
        let time = now()
        try desk.checkAnswer(request, now: time)
        let (body, entry) = try answers.answer(request, now: time)
        state.withLock { $0.counts.answered += 1 }
        tell(entry)
        return body
    }

    private static func headers(of request: Request) -> [String: String] {
        var headers: [String: String] = [:]
        for field in request.headers where headers[field.name.canonicalName] == nil {
            headers[field.name.canonicalName] = field.value
        }
        return headers
    }

    /// Counts a refusal, tells a few of them a second, and answers with the platform's error body.
    private func refuse(_ refusal: WebhookRefusal, _ path: String) -> Response {
        let time = now()
        let passedOver = state.withLock { state in
            state.counts.count(refusal.status)
            return state.budget.take(now: time)
        }
        if let passedOver {
            let isAnswer = path == settings.answerPath
            tell(
                CallLogEntry(
                    time: time, log: isAnswer ? .answer : .webhook, call: "",
                    event: isAnswer ? "actions.refused" : "webhook.refused",
                    values: [
                        .init("path", .text(path)), .init("status", .integer(Int64(refusal.status))),
                        .init("detail", .text(refusal.error.message)),
                        .init("passed_over", .integer(Int64(passedOver))),
                    ]))
            logger.warning(
                "Webhook refused",
                metadata: ["path": "\(path)", "status": "\(refusal.status)", "error": "\(refusal.error.message)"])
        }
        var headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        if let seconds = refusal.retryAfterS { headers[.retryAfter] = "\(seconds)" }
        headers[.allow] = refusal.allowed
        return Response(
            status: .init(code: refusal.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: refusal.error.write())))
    }
}
