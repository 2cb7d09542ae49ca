public import Logging
public import NIOCore
import NIOHTTP1
import NIOSSL
import SidetoneModel
public import SidetonePipeline
import SidetoneSignatures
import SidetoneWebSocket

/// The source of live streams: listens for platforms, admits them, and gives each stream its way through the pipeline.
public final class MediaServer: Sendable {
    private let settings: WebSocketSourceSettings
    private let status: ServerStatus
    private let server: WebSocketServer
    private let logger: Logger

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - tokens: the bearer tokens of which an upgrade must carry one; empty: none is asked for.
    ///   - group: the event loops on which connections live.
    public static func start(
        settings: WebSocketSourceSettings, tokens: [String], stream: StreamSettings, fanout: SinkFanout,
        naming: StreamNaming, group: any EventLoopGroup, logger: Logger
    ) async throws -> MediaServer {
        let status = ServerStatus(limit: settings.maxStreams)
        var limits = WebSocketLimits()
        limits.messageBytes = settings.maxMessageKB * 1_024
        limits.handshake = .seconds(Int64(settings.handshakeTimeoutS))
        limits.firstMessage = .seconds(Int64(settings.firstMessageTimeoutS))
        limits.idle = .seconds(Int64(settings.idleTimeoutS))
        limits.ping = .seconds(Int64(settings.pingS))
        limits.connectionsPerAddress = settings.maxConnectionsPerAddress
        limits.connectionsBeforeUpgrade = settings.maxConnectionsBeforeUpgrade
        let certificate =
            settings.plain
            ? nil : try ReloadedCertificate(certificate: settings.certificate, key: settings.key, logger: logger)
        guard let address = settings.address else {
            throw WebSocketError(.cannotListen, "listen is \"\(settings.listen)\"; it takes host:port")
        }
        var context: (@Sendable () -> NIOSSLContext)?
        if let certificate { context = { certificate.context } }
        let refusals = RefusalLog(fanout: fanout, now: naming.now)
        let decide: @Sendable (WebSocketServer.Request) -> WebSocketServer.Answer = { request in
            switch admit(request, settings, tokens, status) {
            case .failure(let refusal):
                refusals.note(refusal)
                return refusal.answer
            case .success(let place):
                let headers = [String: String](
                    request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
                return .accept {
                    StreamConnection(
                        settings: settings, stream: stream, fanout: fanout, naming: naming, place: place,
                        headers: headers, logger: logger)
                }
            }
        }
        let server = try await WebSocketServer.listen(
            host: address.host, port: address.port, tls: context, limits: limits, group: group, decide: decide)
        return MediaServer(settings: settings, status: status, server: server, logger: logger)
    }

    private init(
        settings: WebSocketSourceSettings, status: ServerStatus, server: WebSocketServer, logger: Logger
    ) {
        self.settings = settings
        self.status = status
        self.server = server
        self.logger = logger
    }

    /// Nothing is kept for a connection before this has passed.
    private static func admit(
        _ request: WebSocketServer.Request, _ settings: WebSocketSourceSettings, _ tokens: [String],
        _ status: ServerStatus
    ) -> Result<StreamPlace, Refusal> {
        func refuse(
            _ code: HTTPResponseStatus, _ headers: HTTPHeaders, _ body: String
        ) -> Result<StreamPlace, Refusal> {
            .failure(Refusal(status: code, headers: headers, body: body))
        }
        guard request.path == settings.path else {
            status.countNotFound()
            return refuse(.notFound, [:], "There is no stream receiver at this path.\n")
        }
        guard isAuthorized(request.headers, tokens) else {
            status.countUnauthorized()
            return refuse(
                .unauthorized, ["WWW-Authenticate": "Bearer"], "The upgrade must carry a valid bearer token.\n")
        }
        switch status.admit() {
        case .admitted(let place): return .success(place)
        case .full: return refuse(.serviceUnavailable, ["Retry-After": "5"], "All places are taken.\n")
        case .draining:
            return refuse(.serviceUnavailable, ["Retry-After": "30"], "The server is shutting down.\n")
        }
    }

    private static func isAuthorized(_ headers: HTTPHeaders, _ tokens: [String]) -> Bool {
        guard !tokens.isEmpty else { return true }
        guard let field = headers.first(name: "Authorization"), field.lowercased().hasPrefix("bearer ") else {
            return false
        }
        let token = String(field.dropFirst("bearer ".count))
        // Every token is compared, so that the time does not tell which one came close.
        var isValid = false
        for valid in tokens where ConstantTime.equal(token, valid) { isValid = true }
        return isValid
    }

    /// The real port, where 0 was asked for.
    public var port: Int { server.port }
    /// The address to give to a platform.
    public var url: String {
        "\(settings.scheme)://\(settings.address?.host ?? ""):\(port)\(settings.path)"
    }
    public var counts: ReceiverCounts {
        var counts = status.counts
        counts.refusedConnections = server.refusedConnections
        return counts
    }

    /// No new streams; waits for the running ones to end until the deadline of the settings, then ends them.
    ///
    /// Cancellation ends them at once; it does not end the wait for their last blocks.
    public func drain() async {
        status.startDraining()
        await withTaskCancellationHandler {
            await Task {
                await server.stop()
                if await !isDrained(within: .seconds(settings.drainS)) {
                    cut()
                    _ = await isDrained(within: Self.cutDuration)
                }
            }.value
        } onCancel: {
            cut()
        }
        logger.info("Streams drained")
    }

    /// How long streams that were cut may take to be over: a turn of their event loop.
    private static let cutDuration = Duration.seconds(2)

    private func isDrained(within duration: Duration) async -> Bool {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.status.drained() }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
        return status.counts.streamsOpen == 0
    }

    /// Ends every stream now.
    public func cut() {
        status.startDraining()
        for connection in status.openConnections {
            connection.eventLoop.execute { connection.value.cut() }
        }
    }
}
