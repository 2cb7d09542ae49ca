package import NIOCore
package import NIOHTTP1
import NIOPosix
package import NIOSSL
import NIOWebSocket

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Listens for WebSockets over HTTP/1.1, with or without TLS.
package final class WebSocketServer: Sendable {
    /// A peer's upgrade request.
    package struct Request: Sendable {
        /// The path without its query.
        package var path: String
        /// Path and query as in the request.
        package var target: String
        package var headers: HTTPHeaders
        /// The peer's address without its port.
        package var address: String
        package var eventLoop: any EventLoop

        package init(path: String, target: String, headers: HTTPHeaders, address: String, eventLoop: any EventLoop) {
            self.path = path
            self.target = target
            self.headers = headers
            self.address = address
            self.eventLoop = eventLoop
        }
    }

    /// The answer to an upgrade request.
    package enum Answer: Sendable {
        /// The upgrade is accepted, with one of the subprotocols that were offered; the receiver is made on the
        /// connection's event loop.
        case accept(subprotocol: String? = nil, @Sendable () -> any WebSocketReceiver)
        case refuse(HTTPResponseStatus, headers: HTTPHeaders = [:], body: String)
    }

    private let channel: any Channel
    private let caps: ConnectionCaps

    /// The number of connections refused before their upgrade, because of the server's or their address's cap.
    package var refusedConnections: Int { caps.refused }
    /// The listening address, with the actual port if 0 was requested.
    package var address: SocketAddress? { channel.localAddress }
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// Starts listening.
    ///
    /// - Parameters:
    ///   - tls: returns the context for each new connection; nil for plain HTTP.
    ///   - decide: answers an upgrade request, on the connection's event loop, once per connection.
    package static func listen(
        host: String, port: Int, tls: (@Sendable () -> NIOSSLContext)?, limits: WebSocketLimits,
        group: any EventLoopGroup, decide: @escaping @Sendable (Request) -> Answer
    ) async throws(WebSocketError) -> WebSocketServer {
        let caps = ConnectionCaps(limits.connections)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            // Media arrives message by message, and no outgoing data could carry acknowledgements: sent immediately,
            // each would cost the receiver a segment; delayed, two share one.
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_QUICKACK)), value: 0)
            // One read of a socket per readiness event, so that the loop's other connections are served in between.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // The kernel's buffer for a throttled peer; at the end of a connection all of it is read at once.
            .childChannelOption(.socketOption(.so_rcvbuf), value: 256 * 1_024)
            // Media messages are small, and there are many connections.
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2_048, maximum: 16_384)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let place: ConnectionCaps.Place
                    switch caps.admit(channel.remoteAddress) {
                    case .admitted(let admitted): place = admitted
                    case .answered(let answer):
                        channel.closeFuture.whenComplete { _ in answer.release() }
                        return try ConnectionRefusal.configure(channel, tls: tls?())
                    // A channel whose initialiser fails is closed.
                    case .closed: throw WebSocketError(.refused, "too many connections")
                    }
                    channel.closeFuture.whenComplete { _ in place.release() }
                    let pipeline = channel.pipeline.syncOperations
                    let clock = ReadClock()
                    try pipeline.addHandler(clock)
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls())) }
                    try WebSocketUpgradeHandler.configure(
                        channel, clock: clock, place: place, limits: limits, decide: decide)
                }
            }
        do {
            return WebSocketServer(channel: try await bootstrap.bind(host: host, port: port).get(), caps: caps)
        } catch {
            throw WebSocketError(
                .cannotListen, "cannot listen on \(host):\(port) (\(error)); choose a free port, or 0 for any")
        }
    }

    private init(channel: any Channel, caps: ConnectionCaps) {
        self.channel = channel
        self.caps = caps
    }

    /// Stops accepting connections; open ones are not affected.
    package func stop() async { try? await channel.close() }
}
