import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Stands before the upgrade of one connection: decides once, answers what is refused, and ends whoever dawdles.
final class UpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var answer: WebSocketServer.Answer?
    private var isHeadSeen = false
    private var deadline: Scheduled<Void>?

    static func configure(
        _ channel: any Channel, _ clock: ReadClock, limits: WebSocketLimits,
        decide: @escaping @Sendable (WebSocketServer.Request) -> WebSocketServer.Answer
    ) throws {
        let gate = UpgradeGate()
        let bound = NIOLoopBound(gate, eventLoop: channel.eventLoop)
        let clock = NIOLoopBound(clock, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: limits.messageBytes, automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                let gate = bound.value
                let answer = decide(Self.request(head, channel))
                gate.answer = answer
                if case .accept = answer { return channel.eventLoop.makeSucceededFuture(HTTPHeaders()) }
                return channel.eventLoop.makeSucceededFuture(nil)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard case .accept(let make) = bound.value.answer else { return }
                    try channel.pipeline.syncOperations.addHandler(
                        WebSocketHandler(receiver: make(), limits: limits, isClient: false, clock: clock.value))
                }
            })
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    bound.value.deadline?.cancel()
                    context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
                }
            ), withErrorHandling: true)
        try channel.pipeline.syncOperations.addHandler(gate)
        gate.deadline = channel.eventLoop.scheduleTask(in: limits.handshake) { channel.close(promise: nil) }
    }

    private static func request(_ head: HTTPRequestHead, _ channel: any Channel) -> WebSocketServer.Request {
        WebSocketServer.Request(
            path: String(head.uri.prefix { $0 != "?" }), headers: head.headers,
            address: channel.remoteAddress?.ipAddress ?? "", eventLoop: channel.eventLoop)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Only what was not upgraded comes here.
        guard case .head(let head) = unwrapInboundIn(data), !isHeadSeen else { return }
        isHeadSeen = true
        if case .refuse(let status, let headers, let body) = answer {
            respond(context, head, status, headers, body)
        } else {
            respond(
                context, head, .upgradeRequired, ["Upgrade": "websocket"],
                "This address speaks WebSocket (RFC 6455): open it with ws:// or wss://.\n")
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A failed TLS handshake, a head that is no HTTP: nothing to answer to.
        context.close(promise: nil)
    }

    private func respond(
        _ context: ChannelHandlerContext, _ head: HTTPRequestHead, _ status: HTTPResponseStatus,
        _ headers: HTTPHeaders, _ body: String
    ) {
        var headers = headers
        headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        headers.add(name: "Content-Length", value: String(body.utf8.count))
        headers.add(name: "Connection", value: "close")
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: status, headers: headers))),
            promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
