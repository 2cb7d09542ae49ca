import NIOCore

/// The first handler of a pipeline: records when bytes were read from the socket.
final class ReadClock: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var lastRead = NIODeadline.now()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastRead = .now()
        context.fireChannelRead(data)
    }
}
