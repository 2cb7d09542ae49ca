package import Logging
package import NIOCore
import NIOSSL
import SidetoneModel
package import SidetonePipeline
import SidetonePlatforms
package import SidetoneSignatures
import SidetoneWebSocket

/// The source of live streams: accepts connections of platforms, admits streams, and feeds each into the pipeline.
package final class MediaServer: Sendable {
    private let settings: WebSocketSourceSettings
    private let status: ServerStatus
    private let server: WebSocketServer
    private let logger: Logger

    /// Starts listening.
    ///
    /// - Parameters:
    ///   - authenticators: one of them must accept the credentials of an upgrade; empty if none are required.
    ///   - group: the event loops of the connections.
    package static func start(
        settings: WebSocketSourceSettings, authenticators: [any UpgradeAuthenticator], stream: StreamSettings,
        fanout: SinkFanout, naming: StreamNaming, group: any EventLoopGroup, logger: Logger
    ) async throws -> MediaServer {
        let perAddress = settings.streamsPerAddress(isAuthenticated: !authenticators.isEmpty)
        let status = ServerStatus(limit: settings.maxStreams, perAddress: perAddress)
        let certificate =
            settings.allowPlaintext
            ? nil : try ReloadedCertificate(certificate: settings.certificate, key: settings.key, logger: logger)
        guard let address = settings.address else {
            throw WebSocketError(.cannotListen, "listen is \"\(settings.listen)\"; expected host:port")
        }
        if perAddress < settings.maxStreams {
            logger.notice(
                "One address alone cannot use all streams",
                metadata: ["max_streams": "\(settings.maxStreams)", "per_address": "\(perAddress)"])
        }
        var context: (@Sendable () -> NIOSSLContext)?
        if let certificate { context = { certificate.context } }
        let rejections = UpgradeRejectionLog(fanout: fanout, now: naming.now)
        let warnings = WarningBudget(logger)
        let admission = UpgradeAdmission(settings, authenticators: authenticators, status: status)
        let decide: @Sendable (WebSocketServer.Request) -> WebSocketServer.Answer = { request in
            switch admission.decide(on: request) {
            case .failure(let rejection):
                rejections.record(rejection)
                return rejection.answer
            case .success(let admitted):
                let opening = Opening(request)
                let dialect = settings.dialect == "auto" ? nil : settings.dialect
                return .accept(subprotocol: PlatformCatalog.subprotocol(for: opening, dialect: dialect)) {
                    StreamConnection(
                        settings: settings, stream: stream, fanout: fanout, naming: naming, admitted: admitted,
                        opening: opening, warnings: warnings, logger: logger)
                }
            }
        }
        let server = try await WebSocketServer.listen(
            host: address.host, port: address.port, tls: context, limits: settings.limits, group: group, decide: decide)
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

    /// The actual port, if port 0 was configured.
    package var port: Int { server.port }
    /// The URL for platforms.
    package var url: String {
        "\(settings.scheme)://\(settings.address?.host ?? ""):\(port)\(settings.path)"
    }
    package var counts: ReceiverCounts {
        var counts = status.counts
        counts.refusedConnections = server.refusedConnections
        return counts
    }

    /// Admits no new streams, waits for active ones until the drain timeout, then ends them.
    ///
    /// Cancellation ends them immediately, but still waits for their last blocks.
    package func drain() async {
        status.startDraining()
        await withTaskCancellationHandler {
            await Task {
                await server.stop()
                if await !isDrained(within: .seconds(settings.drainTimeoutS)) {
                    cut()
                    _ = await isDrained(within: Self.cutDuration)
                }
            }.value
        } onCancel: {
            cut()
        }
        logger.info("Streams drained")
    }

    /// How long ended streams may take to finish: a tick of their event loop.
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
    package func cut() {
        status.startDraining()
        for connection in status.openConnections {
            connection.eventLoop.execute { connection.value.cut() }
        }
    }
}

extension Opening {
    /// Of an upgrade that is accepted. The connection gets an id of its own.
    fileprivate init(_ request: WebSocketServer.Request) {
        let headers = [String: [String]](
            request.headers.map { ($0.name.lowercased(), [$0.value]) }, uniquingKeysWith: { $0 + $1 })
        self.init(
            path: request.path, query: String(request.target.dropFirst(request.path.count + 1)),
            // RFC 9110 §5.3: a field that is repeated is a list.
            headers: headers.mapValues { $0.joined(separator: ", ") }, connectionID: ConnectionID.make())
    }
}

/// RFC 9562 §5.4: version 4.
enum ConnectionID {
    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        var source = IdentifierSource(seed: random.next(), time: "")
        return source.uuid()
    }
}
