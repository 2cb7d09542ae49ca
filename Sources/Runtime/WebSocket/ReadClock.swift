import NIOCore

/// Stands first in a pipeline and notes when bytes left the socket.
final class ReadClock: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private(set) var lastRead = NIODeadline.now()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastRead = .now()
        context.fireChannelRead(data)
    }
}
