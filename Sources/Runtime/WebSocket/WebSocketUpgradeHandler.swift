import NIOCore
import NIOHTTP1
import NIOWebSocket
import SidetoneModel

/// Handles the upgrade request of one connection: decides once, answers refusals, and enforces the deadline.
final class WebSocketUpgradeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var answer: WebSocketServer.Answer?
    private var isHeadSeen = false
    private var isHungUp = false
    private var deadline: Scheduled<Void>?

    static func configure(
        _ channel: any Channel, clock: ReadClock, place: ConnectionCaps.Place?, limits: WebSocketLimits,
        decide: @escaping @Sendable (WebSocketServer.Request) -> WebSocketServer.Answer
    ) throws {
        let handler = WebSocketUpgradeHandler()
        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        let clock = NIOLoopBound(clock, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: limits.messageBytes, automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                // A head may request the same upgrade repeatedly; it is decided once.
                let handler = bound.value
                let answer = handler.answer ?? Self.refusal(head) ?? decide(Self.request(head, channel: channel))
                handler.answer = answer
                if case .accept(let subprotocol, _) = answer {
                    let headers = subprotocol.map { [("Sec-WebSocket-Protocol", $0)] } ?? []
                    return channel.eventLoop.makeSucceededFuture(HTTPHeaders(headers))
                }
                return channel.eventLoop.makeSucceededFuture(nil)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard case .accept(_, let make) = bound.value.answer else { return }
                    try WebSocketHandler.install(
                        WebSocketHandler(receiver: make(), limits: limits, isClient: false, clock: clock.value),
                        in: channel.pipeline.syncOperations)
                }
            })
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    bound.value.deadline?.cancel()
                    place?.release()
                    context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
                }
            ), withErrorHandling: true, withEncoderConfiguration: .init(), withDecoderLimitConfiguration: headLimits)
        try channel.pipeline.syncOperations.addHandler(handler)
        handler.deadline = channel.eventLoop.scheduleTask(in: limits.handshake) { channel.close(promise: nil) }
    }

    /// The maximum size of an upgrade's head; those of known platforms are below 2 kB.
    static var headLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8 * 1_024
        limits.maxHeaderListSize = 16 * 1_024
        limits.maxHeaderFieldCount = 100
        return limits
    }

    /// Reasons to reject an opening handshake (RFC 6455 §4.2.1). A body would only occupy the connection.
    private static func refusal(_ head: HTTPRequestHead) -> WebSocketServer.Answer? {
        guard head.method == .GET else {
            return .refuse(.methodNotAllowed, headers: ["Allow": "GET"], body: "An upgrade requires GET.\n")
        }
        // RFC 9112 §3.2: one Host, and a valid one.
        guard head.headers["Host"].count <= 1,
            head.headers.first(name: "Host").map({ HostAuthority($0) != nil }) ?? true
        else { return .refuse(.badRequest, body: "The Host field must be a host with an optional port.\n") }
        let length = head.headers.first(name: "Content-Length") ?? "0"
        guard length == "0", !head.headers.contains(name: "Transfer-Encoding") else {
            return .refuse(.badRequest, body: "An upgrade request must not have a body.\n")
        }
        return nil
    }

    private static func request(_ head: HTTPRequestHead, channel: any Channel) -> WebSocketServer.Request {
        WebSocketServer.Request(
            path: String(head.uri.prefix { $0 != "?" }), target: head.uri, headers: head.headers,
            address: channel.remoteAddress?.ipAddress ?? "", eventLoop: channel.eventLoop)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Only requests that were not upgraded arrive here.
        guard case .head(let head) = unwrapInboundIn(data), !isHeadSeen else { return }
        isHeadSeen = true
        if case .refuse(let status, let headers, let body) = answer {
            respond(context, head: head, status: status, headers: headers, body: body)
        } else {
            respond(
                context, head: head, status: .upgradeRequired,
                headers: ["Upgrade": "websocket", "Sec-WebSocket-Version": "13"],
                body: "This address requires WebSocket (RFC 6455, version 13): use ws:// or wss://.\n")
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        // A refused upgrade: the head follows and is answered.
        case is NIOWebSocketUpgradeError, is HTTPServerUpgradeErrors: break
        // A head that is not HTTP was answered 400 by an earlier handler.
        case is HTTPParserError: hangUp(context)
        case is ByteToMessageDecoderError where isHungUp: break
        // A failed TLS handshake or a broken connection: there is nothing to answer.
        default: context.close(promise: nil)
        }
    }

    /// Half-closes the connection: closing a socket with unread bytes resets it, and the answer may be lost. A peer
    /// that does not close is disconnected at the deadline.
    private func hangUp(_ context: ChannelHandlerContext) {
        guard !isHungUp else { return }
        isHungUp = true
        context.close(mode: .output, promise: nil)
    }

    private func respond(
        _ context: ChannelHandlerContext, head: HTTPRequestHead, status: HTTPResponseStatus,
        headers: HTTPHeaders, body: String
    ) {
        var headers = headers
        headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        headers.add(name: "Content-Length", value: String(body.utf8.count))
        headers.add(name: "Connection", value: "close")
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: status, headers: headers))),
            promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in self.hangUp(context) }
    }
}
