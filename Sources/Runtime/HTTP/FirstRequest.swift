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

    private let path: String
    private let decided: (Bool) throws -> Void
    private var read = ByteBuffer()
    private var isDecided = false
    private var deadline: Scheduled<Void>?

    /// - Parameters:
    ///   - path: where WebSockets are opened.
    ///   - decided: told whether the request asks for one; adds the handlers that go on.
    init(path: String, decided: @escaping (Bool) throws -> Void) {
        self.path = path
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
        let bytes = read.readableBytesView
        guard let asks = Self.asksForWebSocket(bytes, at: path) else { return }
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

    /// - Returns: nil while the head is not whole.
    static func asksForWebSocket(_ bytes: ByteBufferView, at path: String) -> Bool? {
        let start = "GET \(path)".utf8
        let seen = min(bytes.count, start.count)
        guard bytes.prefix(seen).elementsEqual(start.prefix(seen)) else { return false }
        guard bytes.count > start.count else { return nil }
        guard [UInt8(ascii: " "), UInt8(ascii: "?")].contains(bytes[bytes.startIndex + start.count]) else {
            return false
        }
        guard bytes.count <= headLimit else { return false }
        let head = String(decoding: bytes, as: UTF8.self)
        guard let end = head.range(of: "\r\n\r\n") else { return nil }
        return head[..<end.lowerBound].split(separator: "\r\n").dropFirst().contains { line in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "upgrade" else { return false }
            return line[colon...].lowercased().contains("websocket")
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
