package import NIOCore
package import NIOHTTP1
package import NIOSSL

/// Answers the first request of a connection over a cap with 503 and Retry-After, and closes it.
package final class ConnectionRefusal: ChannelInboundHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundOut = HTTPServerResponsePart

    /// The time limit for the handshake and head of a refused connection.
    static let patience: TimeAmount = .seconds(2)

    private var isAnswered = false
    private var deadline: Scheduled<Void>?

    /// - Parameter tls: nil for plain HTTP.
    package static func configure(_ channel: any Channel, tls: NIOSSLContext?) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: true, withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: WebSocketUpgradeHandler.headLimits)
        let refusal = ConnectionRefusal()
        try pipeline.addHandler(refusal)
        refusal.deadline = channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), !isAnswered else { return }
        isAnswered = true
        let body = "Too many connections; retry later.\n"
        let headers: HTTPHeaders = [
            "Retry-After": "5", "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": String(body.utf8.count), "Connection": "close",
        ]
        context.write(
            wrapOutboundOut(
                .head(HTTPResponseHead(version: head.version, status: .serviceUnavailable, headers: headers))),
            promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        // Half-close: closing a socket with unread bytes resets the connection, and the answer with it.
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { return context.close(promise: nil) }
        if case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
