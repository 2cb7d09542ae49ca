package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
package import NIOSSL
package import SidetoneModel
package import SidetoneWebSocket

/// A Hummingbird HTTP server for the given routes, with a response to every error and a limit on every wait.
package struct HTTPListener: Sendable {
    private let address: ListenAddress
    private let server: HTTPServerBuilder
    private let serve: @Sendable (HTTPListener, @escaping @Sendable (Int) -> Void) async throws -> Void
    private let caps: ConnectionCaps
    private let group: any EventLoopGroup
    private let logger: Logger

    /// - Parameters:
    ///   - tls: returns the context for each new connection; nil for plain HTTP.
    ///   - webSocket: the route of WebSockets, if any.
    ///   - idle: how long a connection may be silent, or without a complete head, in seconds.
    ///   - connections: the maximum number of connections, in total and per address; further ones are answered 503.
    package init<Context: RequestContext>(
        address: ListenAddress, tls: (@Sendable () -> NIOSSLContext)? = nil, router: Router<Context>,
        webSocket: WebSocketRoute? = nil, idle: Int64 = 60, connections: ConnectionLimits = ConnectionLimits(),
        group: any EventLoopGroup, logger: Logger
    ) where Context: InitializableFromSource<ApplicationRequestContextSource> {
        self.address = address
        let firstHead = min(TimeAmount.seconds(idle), FirstHeadDeadline.patience)
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [FirstHeadDeadline(firstHead)], idleTimeout: .seconds(idle),
            httpDecoderConfiguration: Self.headLimits)
        let caps = ConnectionCaps(connections)
        self.caps = caps
        server = HTTPServerBuilder { responder in
            let http1 = HTTP1Channel(responder: responder, configuration: configuration)
            guard let route = webSocket else { return Self.channel(http1, caps: caps, tls: tls) }
            return Self.channel(UpgradingChannel(http: http1, route: route), caps: caps, tls: tls)
        }
        let responder = router.buildResponder()
        serve = { listener, ready in try await listener.application(responder, ready: ready).run() }
        self.group = group
        self.logger = logger
    }

    private static func channel(
        _ base: some ServerChildChannel, caps: ConnectionCaps, tls: (@Sendable () -> NIOSSLContext)?
    ) -> any ServerChildChannel {
        guard let tls else { return CappedChannel(base: base, caps: caps, tls: nil) }
        return CappedChannel(base: SecuredChannel(base: base, context: tls), caps: caps, tls: tls)
    }

    /// The number of connections refused because of the listener's or their address's cap.
    package var refusedConnections: Int { caps.refused }

    /// The maximum size of a request head.
    private static var headLimits: HTTP1Channel.Configuration.DecoderConfiguration {
        .init(maxHeaderFieldSize: 8 * 1_024, maxHeaderListSize: 16 * 1_024, maxHeaderFieldCount: 100)
    }

    /// Serves requests until the task is shut down gracefully or cancelled.
    ///
    /// - Parameter ready: receives the actual port once the server is listening.
    /// - Throws: when listening on the address fails.
    package func run(ready: @escaping @Sendable (Int) -> Void) async throws {
        do { try await serve(self, ready) } catch let error as IOError {
            throw ListenError(address: address, error: error)
        }
    }

    private func application<Responder: HTTPResponder>(
        _ responder: Responder, ready: @escaping @Sendable (Int) -> Void
    ) -> Application<Responder> where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
        Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in ready(channel.localAddress?.port ?? address.port) },
            eventLoopGroupProvider: .shared(group), logger: quiet)
    }

    /// The framework's own messages are not relevant to operators.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = .error
        return logger
    }
}

/// An HTTP server that cannot listen, or has stopped listening.
package struct ListenError: Error, CustomStringConvertible {
    let address: ListenAddress
    let error: IOError

    /// The system's error.
    package var errnoCode: CInt { error.errnoCode }

    package var description: String {
        "cannot listen on \(address) (\(error)); choose a free port, or 0 for any [cannotListen]"
    }
}
