import NIOCore

/// Closes a connection that does not complete its first request head in time, TLS handshake included.
///
/// Placed behind the HTTP decoder: the first message that arrives here is a head.
final class FirstHeadDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    static let patience: TimeAmount = .seconds(10)

    private let patience: TimeAmount
    private var deadline: Scheduled<Void>?

    init(_ patience: TimeAmount = patience) { self.patience = patience }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        deadline?.cancel()
        deadline = nil
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }
}
