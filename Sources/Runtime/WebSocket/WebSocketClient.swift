package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Opens WebSockets, like a platform.
package struct WebSocketClient: Sendable {
    private let group: any EventLoopGroup
    private let limits: WebSocketLimits
    private let context: NIOSSLContext

    package init(
        group: any EventLoopGroup, trust: TLS.Trust, limits: WebSocketLimits = WebSocketLimits()
    ) throws(WebSocketError) {
        self.group = group
        self.limits = limits
        context = try TLS.client(trust)
    }

    /// Connects, performs the upgrade, and returns the open connection.
    ///
    /// - Parameters:
    ///   - addresses: the addresses to connect to, tried in order, for a URL whose host has been checked: the name is
    ///     then used only for the Host header and TLS. Empty: the name is resolved here.
    ///   - headers: sent with the upgrade request.
    ///   - makeReceiver: called on the connection's event loop.
    /// - Throws: the cause of the failure: the address, the certificate, or the status of the response.
    package func connect(
        to url: WebSocketURL, at addresses: [SocketAddress] = [], headers: [(String, String)] = [],
        eventLoop: (any EventLoop)? = nil,
        _ makeReceiver: @escaping @Sendable () -> any WebSocketReceiver
    ) async throws(WebSocketError) -> WebSocketConnection {
        let opened = (eventLoop ?? group.next()).makePromise(of: WebSocketConnection.self)
        let bootstrap = ClientBootstrap(group: eventLoop ?? group)
            .connectTimeout(limits.handshake)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try configure(channel, url: url, headers: headers, opened: opened, makeReceiver: makeReceiver)
                }
            }
        do {
            let channel = try await Self.connect(bootstrap, url: url, addresses: addresses)
            channel.closeFuture.whenComplete { _ in
                opened.fail(WebSocketError(.handshakeFailed, "\(url) closed the connection during the handshake"))
            }
            let deadline = channel.eventLoop.scheduleTask(in: limits.handshake) {
                opened.fail(WebSocketError(.timedOut, "\(url) did not answer the upgrade in time"))
                channel.close(promise: nil)
            }
            defer { deadline.cancel() }
            return try await opened.futureResult.get()
        } catch let error as WebSocketError {
            throw error
        } catch {
            let failure = WebSocketError(.cannotConnect, "cannot connect to \(url): \(Self.reason(error))")
            opened.fail(failure)
            throw failure
        }
    }

    /// A short description of a connection failure.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return reason(first.error) }
            return "the name \(error.host) cannot be resolved"
        case let error as ChannelError:
            if case .connectTimeout = error { return "no answer in time" }
            return "\(error)"
        default: return "\(error)"
        }
    }

    private static func connect(
        _ bootstrap: ClientBootstrap, url: WebSocketURL, addresses: [SocketAddress]
    ) async throws -> any Channel {
        guard let last = addresses.last else {
            return try await bootstrap.connect(host: url.host, port: url.port).get()
        }
        for address in addresses.dropLast() {
            if let channel = try? await bootstrap.connect(to: address).get() { return channel }
        }
        return try await bootstrap.connect(to: last).get()
    }

    private func configure(
        _ channel: any Channel, url: WebSocketURL, headers: [(String, String)],
        opened: EventLoopPromise<WebSocketConnection>,
        makeReceiver: @escaping @Sendable () -> any WebSocketReceiver
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let readClock = ReadClock()
        try pipeline.addHandler(readClock)
        let clock = NIOLoopBound(readClock, eventLoop: channel.eventLoop)
        if url.isSecure {
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: TLS.serverName(url.host)))
        }
        let opening = UpgradeRequest(url: url, headers: headers, opened: opened)
        let bound = NIOLoopBound(opening, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketClientUpgrader(
            maxFrameSize: limits.messageBytes, automaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try WebSocketHandler.install(
                    WebSocketHandler(receiver: makeReceiver(), limits: limits, isClient: true, clock: clock.value),
                    in: channel.pipeline.syncOperations)
                opened.succeed(WebSocketConnection(channel: channel))
            }
        }
        try pipeline.addHTTPClientHandlers(
            leftOverBytesStrategy: .forwardBytes,
            withClientUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
                }
            ))
        try pipeline.addHandler(opening)
    }
}

/// Sends the upgrade request, and reports a response other than 101.
private final class UpgradeRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let url: WebSocketURL
    private let headers: [(String, String)]
    private let opened: EventLoopPromise<WebSocketConnection>

    init(url: WebSocketURL, headers: [(String, String)], opened: EventLoopPromise<WebSocketConnection>) {
        self.url = url
        self.headers = headers
        self.opened = opened
    }

    func channelActive(context: ChannelHandlerContext) {
        var fields = HTTPHeaders([("Host", url.authority), ("Content-Length", "0")])
        for (name, value) in headers { fields.replaceOrAdd(name: name, value: value) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        opened.fail(
            WebSocketError(
                .refused, "\(url) refused the upgrade with \(head.status.code) \(head.status.reasonPhrase)",
                status: Int(head.status.code)))
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        opened.fail(Self.failure(error, url: url))
        context.close(promise: nil)
    }

    private static func failure(_ error: any Error, url: WebSocketURL) -> WebSocketError {
        guard isCertificate(error) else {
            return WebSocketError(.handshakeFailed, "TLS handshake with \(url) failed (\(summary(of: error)))")
        }
        return WebSocketError(
            .badCertificate,
            "the certificate of \(url) is not trusted (\(summary(of: error))); it must name \(url.host) and be issued by "
                + "a trusted authority")
    }

    /// BoringSSL's description without its source location: `certificate verify failed`.
    private static func summary(of error: any Error) -> String {
        let text = "\(error)"
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return text }
        return text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }.lowercased()
            .replacing("_", with: " ")
    }

    /// Whether the peer's certificate caused the failure.
    private static func isCertificate(_ error: any Error) -> Bool {
        if let error = error as? NIOSSLExtraError { return error == .failedToValidateHostname }
        // BoringSSL reports its reason as text only.
        guard case .handshakeFailed(.sslError) = error as? NIOSSLError else { return false }
        return "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
    }
}
