import HTTPTypes
import Hummingbird
package import Logging
package import NIOCore
import NIOSSL
import SidetoneCallControl
import SidetoneHTTP
import SidetoneModel
package import SidetonePipeline
import SidetonePlatforms
import SidetoneWebSocket
import Synchronization

/// Receives the webhooks and status callbacks of platforms, and serves the documents of an answer_url.
///
/// A webhook is acknowledged after every sink that keeps call logs has written it; until then, or if that fails, the
/// response is 503 and the platform delivers it again. The listener has a separate thread: streams never wait for it.
package final class WebhookServer: Sendable {
    private let settings: WebhookSourceSettings
    private let verifier: WebhookVerifier
    private let answers: AnswerURLHandler?
    private let inbox: WebhookInbox
    private let fanout: SinkFanout
    private let now: @Sendable () -> Double
    private let uptime: @Sendable () -> Double
    private let writeTimeout: Duration
    private let logger: Logger
    private let state: Mutex<(counts: WebhookCounts, budget: LogBudget, writeBudget: LogBudget)>

    /// - Parameters:
    ///   - keys: the keys of every platform whose webhooks are signed.
    ///   - documents: the documents of the answer_url; nil if it is not served.
    ///   - now: wall-clock time in seconds since 1970, for labels and for signatures that hold a time.
    ///   - uptime: seconds on a monotonic clock, for deduplication.
    ///   - writeTimeout: maximum time to write a webhook before the response is 503.
    package init(
        settings: WebhookSourceSettings, keys: WebhookKeys, documents: AnswerDocuments?, fanout: SinkFanout,
        now: @escaping @Sendable () -> Double, uptime: @escaping @Sendable () -> Double,
        writeTimeout: Duration = .seconds(5), logger: Logger
    ) {
        self.settings = settings
        verifier = WebhookVerifier(settings, keys)
        answers = documents.map { AnswerURLHandler($0.rules, values: $0.values, tokens: $0.tokens) }
        inbox = WebhookInbox(
            limit: settings.queueWebhooks, capacity: settings.deduplicationCapacity,
            windowS: Double(settings.deduplicationWindowS))
        self.fanout = fanout
        self.now = now
        self.uptime = uptime
        self.writeTimeout = writeTimeout
        self.logger = logger
        state = Mutex((WebhookCounts(), LogBudget(), LogBudget(perSecond: 1)))
    }

    package var counts: WebhookCounts { state.withLock { $0.counts } }

    /// Serves until the task is shut down gracefully or cancelled. Webhooks that are being written then are completed.
    ///
    /// - Parameters:
    ///   - group: the event loops of its connections; not those of streams.
    ///   - ready: called with the address once it listens.
    /// - Throws: if the address is not available or the certificate is invalid.
    package func run(group: any EventLoopGroup, ready: @escaping @Sendable (String) -> Void) async throws {
        guard let address = settings.address else { return }
        let scheme = settings.scheme
        var tls: (@Sendable () -> NIOSSLContext)?
        if !settings.allowPlaintext {
            let certificate = try ReloadedCertificate(
                certificate: settings.certificate, key: settings.key, logger: logger)
            tls = { certificate.context }
        }
        let listener = HTTPListener(
            address: address, tls: tls, router: router(), idle: Int64(settings.idleTimeoutS),
            connections: settings.connections, group: group, logger: logger)
        try await listener.run { port in ready("\(scheme)://\(address.host):\(port)") }
    }

    /// Reports an entry whose delivery is not guaranteed.
    private func report(_ entry: CallLogEntry) {
        guard fanout.kinds.contains(.logs) else { return }
        fanout.enqueue(.log(settings.keepNumbers ? entry : entry.masked))
    }

    // MARK: Requests

    private func router() -> Router<WebhookContext> {
        let router = Router(context: WebhookContext.self)
        for (platform, _) in PlatformCatalog.withWebhooks where settings.isOpen(platform) {
            serve(router, path: settings.path(of: platform)) { request async throws(WebhookError) in
                try await self.receive(request, from: platform)
                return Response(status: .ok)
            }
        }
        if let answers {
            serve(router, path: settings.answerPath) { request async throws(WebhookError) in
                let body = try self.answer(request, answers: answers)
                return Response(
                    status: .ok,
                    headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
                    body: .init(byteBuffer: ByteBuffer(bytes: body)))
            }
        }
        return router
    }

    private func serve(
        _ router: Router<WebhookContext>, path: String,
        work: @escaping @Sendable (WebhookRequest) async throws(WebhookError) -> Response
    ) {
        for method in [HTTPRequest.Method.get, .post] {
            router.on(RouterPath(path), method: method) { request, context -> Response in
                do throws(WebhookError) {
                    let body = try await BoundedBody(self.settings).collect(request)
                    return try await work(
                        WebhookRequest(
                            method: method == .get ? .get : .post, target: request.head.path ?? path,
                            headers: Self.headers(of: request), body: body))
                } catch {
                    // The rest of the body is not awaited.
                    if [408, 413].contains(error.status) { context.hangUp() }
                    return self.refuse(error, path: path)
                }
            }
        }
        for method in [HTTPRequest.Method.head, .put, .delete, .patch, .options] {
            router.on(RouterPath(path), method: method) { _, _ in
                self.refuse(.method(self.acceptsGET(path) ? "GET, POST" : "POST"), path: path)
            }
        }
    }

    private func acceptsGET(_ path: String) -> Bool {
        PlatformCatalog.withWebhooks.first { settings.path(of: $0.platform) == path }?.webhooks.acceptsGET ?? true
    }

    private func receive(_ request: WebhookRequest, from platform: any Platform.Type) async throws(WebhookError) {
        let webhook = try verifier.read(request, from: platform, now: now())
        switch inbox.admit(webhook, now: uptime()) {
        case .accepted: break
        case .repeated: return state.withLock { $0.counts.repeated += 1 }
        case .inProgress: throw .inProgress
        case .full: throw .full
        }
        // A slow write is not abandoned: once it completes, the next delivery is a repetition.
        let wasWritten = await BoundedWait.result(within: writeTimeout) { await self.write(webhook) }
        guard wasWritten == true else { throw .notWritten }
        state.withLock { $0.counts.accepted += 1 }
    }

    private func write(_ webhook: ReceivedWebhook) async -> Bool {
        var wasWritten = true
        var entry = settings.keepNumbers ? webhook.entry : webhook.entry.masked
        entry.uptime = Uptime.reading
        do { try await fanout.write(entry) } catch {
            wasWritten = false
            let time = uptime()
            if let passedOver = state.withLock({ $0.writeBudget.consume(now: time) }) {
                logger.error("Webhook not written", metadata: ["error": "\(error)", "passed_over": "\(passedOver)"])
            }
        }
        inbox.finish(webhook, wasWritten: wasWritten, now: uptime())
        return wasWritten
    }

    private func answer(_ request: WebhookRequest, answers: AnswerURLHandler) throws(WebhookError) -> [UInt8] {
        let time = now()
        let isVerified = try verifier.checkAnswer(request, now: time)
        var (body, entry) = try answers.answer(request, isVerified: isVerified, now: time)
        entry.uptime = Uptime.reading
        state.withLock { $0.counts.answered += 1 }
        report(entry)
        return body
    }

    private static func headers(of request: Request) -> [String: String] {
        var headers: [String: String] = [:]
        for field in request.headers where headers[field.name.canonicalName] == nil {
            headers[field.name.canonicalName] = field.value
        }
        return headers
    }

    /// Counts a refusal, reports a few of them per second, and answers with the platform's error body.
    private func refuse(_ refusal: WebhookError, path: String) -> Response {
        let time = now()
        let passedOver = state.withLock { state in
            if refusal == .notWritten { state.counts.notWritten += 1 } else { state.counts.count(refusal.status) }
            return state.budget.consume(now: time)
        }
        if let passedOver {
            let isAnswer = path == settings.answerPath
            report(
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
