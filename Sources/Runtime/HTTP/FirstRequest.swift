import NIOCore

/// Reads the head of a connection's first request to find out whom the connection is for, and hands it all on unread.
///
/// A browser opens a connection of its own for each WebSocket, so the first request decides for the whole connection.
final class FirstRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// A longer head is left to HTTP, which refuses it.
    static let headLimit = 16 * 1_024
    static let patience: TimeAmount = .seconds(10)

    /// How a head begins that asks for the path.
    private let start: [UInt8]
    private let decided: (Bool) throws -> Void
    private var read = ByteBuffer()
    /// Bytes of it that were looked at.
    private var examined = 0
    /// Bytes of the empty line that ends a head, as far as the last ones are these.
    private var endMatched = 0
    private var isDecided = false
    private var deadline: Scheduled<Void>?

    /// - Parameters:
    ///   - path: where WebSockets are opened.
    ///   - decided: told whether the request asks for one; adds the handlers that go on.
    init(path: String, decided: @escaping (Bool) throws -> Void) {
        start = Array("GET \(path)".utf8)
        self.decided = decided
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDecided else { return context.fireChannelRead(data) }
        var buffer = unwrapInboundIn(data)
        read.writeBuffer(&buffer)
        guard let asks = requestsWebSocket() else { return }
        isDecided = true
        do { try decided(asks) } catch { return context.close(promise: nil) }
        context.fireChannelRead(wrapInboundOut(read))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The server stops, and nothing was asked yet.
        if event is ChannelShouldQuiesceEvent, !isDecided { return context.close(promise: nil) }
        if case ChannelEvent.inputClosed = event, !isDecided { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A TLS handshake that failed, a connection that broke.
        guard isDecided else { return context.close(promise: nil) }
        context.fireErrorCaught(error)
    }

    /// Looks at the bytes that are new; the head is decoded once, when it is whole.
    ///
    /// - Returns: nil while the head is not whole.
    private func requestsWebSocket() -> Bool? {
        let bytes = read.readableBytesView
        let fresh = bytes.dropFirst(examined)
        for byte in fresh {
            if examined < start.count {
                guard byte == start[examined] else { return false }
            } else if examined == start.count {
                guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: "?") else { return false }
            }
            examined += 1
            guard examined <= Self.headLimit else { return false }
            endMatched = byte == Self.end[endMatched] ? endMatched + 1 : byte == Self.end[0] ? 1 : 0
            if endMatched == Self.end.count { return Self.isUpgrade(bytes.prefix(examined)) }
        }
        return nil
    }

    private static let end = Array("\r\n\r\n".utf8)

    private static func isUpgrade(_ head: ByteBufferView.SubSequence) -> Bool {
        // By bytes: a letter of two scalars, \r\n, would hide the line ends.
        head.split(separator: UInt8(ascii: "\n")).dropFirst().contains { line in
            let field = String(decoding: line, as: UTF8.self)
            guard let colon = field.firstIndex(of: ":"), field[..<colon].lowercased() == "upgrade" else { return false }
            return field[colon...].lowercased().contains("websocket")
        }
    }
}
