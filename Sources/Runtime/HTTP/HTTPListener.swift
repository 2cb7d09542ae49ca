public import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
public import NIOCore
public import NIOSSL
public import SidetoneModel

/// An HTTP server with the routes it is given: Hummingbird, with an answer for every error and a limit for every wait.
public struct HTTPListener: Sendable {
    private let address: ListenAddress
    private let server: HTTPServerBuilder
    private let responder: RouterResponder<BasicRequestContext>
    private let group: any EventLoopGroup
    private let logger: Logger

    /// - Parameters:
    ///   - tls: the certificate; nil for plain HTTP.
    ///   - idle: how long a connection may be silent, in seconds.
    public init(
        address: ListenAddress, tls: TLSConfiguration? = nil, router: Router<BasicRequestContext>,
        idle: Int64 = 60, group: any EventLoopGroup, logger: Logger
    ) throws {
        self.address = address
        let http1 = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(idle)))
        server = try tls.map { try .tls(http1, tlsConfiguration: $0) } ?? http1
        responder = router.buildResponder()
        self.group = group
        self.logger = logger
    }

    /// Answers until the task is shut down gracefully or cancelled.
    ///
    /// - Parameter ready: told the real port, once it listens.
    /// - Throws: when the address cannot be listened at.
    public func run(ready: @escaping @Sendable (Int) -> Void) async throws {
        let application = Application(
            responder: responder, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in ready(channel.localAddress?.port ?? address.port) },
            eventLoopGroupProvider: .shared(group), logger: quiet)
        try await application.run()
    }

    /// The framework's own messages are of no interest to an operator.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = .error
        return logger
    }
}
