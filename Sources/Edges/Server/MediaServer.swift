public import Logging
public import NIOCore
import NIOHTTP1
import NIOSSL
import SidetoneModel
public import SidetonePipeline
public import SidetoneSignatures
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
    ///   - authenticators: of which one must accept an upgrade; without any, every upgrade is accepted.
    ///   - group: the event loops on which connections live.
    public static func start(
        settings: WebSocketSourceSettings, authenticators: [any UpgradeAuthenticator], stream: StreamSettings,
        fanout: SinkFanout,
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
            switch admit(request, settings, authenticators, status) {
            case .failure(let refusal):
                refusals.note(refusal)
                return refusal.answer
            case .success(let (place, grant)):
                let headers = [String: String](
                    request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
                return .accept {
                    StreamConnection(
                        settings: settings, stream: stream, fanout: fanout, naming: naming, place: place,
                        headers: headers, callDigest: settings.callTokens == "any_call" ? nil : grant.call,
                        logger: logger)
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
        _ request: WebSocketServer.Request, _ settings: WebSocketSourceSettings,
        _ authenticators: [any UpgradeAuthenticator], _ status: ServerStatus
    ) -> Result<(StreamPlace, UpgradeGrant), Refusal> {
        func refuse(
            _ code: HTTPResponseStatus, _ headers: HTTPHeaders, _ body: String
        ) -> Result<(StreamPlace, UpgradeGrant), Refusal> {
            .failure(Refusal(status: code, headers: headers, body: body))
        }
        func unauthorized() -> Result<(StreamPlace, UpgradeGrant), Refusal> {
            status.countUnauthorized()
            return refuse(
                .unauthorized, ["WWW-Authenticate": "Bearer"], "The upgrade must carry a valid bearer token.\n")
        }
        guard let credentials = credentials(of: request, path: settings.path) else {
            status.countNotFound()
            return refuse(.notFound, [:], "There is no stream receiver at this path.\n")
        }
        guard let grant = grant(for: credentials, by: authenticators) else { return unauthorized() }
        switch status.admit() {
        case .admitted(let place):
            // Only now: a token must not be used up by a request that finds no place.
            do throws(SignatureError) { try grant.use() } catch {
                place.leave()
                return unauthorized()
            }
            status.countStart()
            return .success((place, grant))
        case .full: return refuse(.serviceUnavailable, ["Retry-After": "5"], "All places are taken.\n")
        case .draining:
            return refuse(.serviceUnavailable, ["Retry-After": "30"], "The server is shutting down.\n")
        }
    }

    /// nil where the request is not for the listener's path, alone or with a call token behind it.
    private static func credentials(of request: WebSocketServer.Request, path: String) -> UpgradeCredentials? {
        let headers = request.headers.map { (name: $0.name, value: $0.value) }
        if request.path == path { return UpgradeCredentials(target: request.path, headers: headers) }
        let prefix = path.hasSuffix("/") ? path : path + "/"
        guard request.path.hasPrefix(prefix) else { return nil }
        let token = String(request.path.dropFirst(prefix.count))
        guard CallToken.isToken(token), !token.contains("/") else { return nil }
        return UpgradeCredentials(target: request.path, pathToken: token, headers: headers)
    }

    private static func grant(
        for credentials: UpgradeCredentials, by authenticators: [any UpgradeAuthenticator]
    ) -> UpgradeGrant? {
        guard !authenticators.isEmpty else { return UpgradeGrant() }
        for authenticator in authenticators {
            if case .accepted(let grant) = authenticator.authenticate(credentials) { return grant }
        }
        return nil
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
