import NIOCore

/// Reads the head of a connection's first request to select the protocol, and passes all bytes on unread.
///
/// A browser opens a separate connection for each WebSocket, so the first request decides for the whole connection.
final class FirstRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Longer heads are left to HTTP, which rejects them.
    static let headLimit = 16 * 1_024
    static let patience: TimeAmount = .seconds(10)

    /// The start of a head that requests the path.
    private let start: [UInt8]
    private let decided: (Bool) throws -> Void
    private var read = ByteBuffer()
    /// The number of its bytes examined so far.
    private var examined = 0
    /// The number of bytes of the empty line at the end of a head matched so far.
    private var endMatched = 0
    private var isDecided = false
    private var deadline: Scheduled<Void>?

    /// - Parameters:
    ///   - path: the path of the WebSocket route.
    ///   - decided: receives whether the request is for a WebSocket; adds the appropriate handlers.
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
        // The server is stopping, and no request has been received.
        if event is ChannelShouldQuiesceEvent, !isDecided { return context.close(promise: nil) }
        if case ChannelEvent.inputClosed = event, !isDecided { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A failed TLS handshake or a broken connection.
        guard isDecided else { return context.close(promise: nil) }
        context.fireErrorCaught(error)
    }

    /// Examines the new bytes; the head is decoded once, when it is complete.
    ///
    /// - Returns: nil while the head is incomplete.
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
        // By bytes: as a character, \r\n would hide the line ends.
        head.split(separator: UInt8(ascii: "\n")).dropFirst().contains { line in
            let field = String(decoding: line, as: UTF8.self)
            guard let colon = field.firstIndex(of: ":"), field[..<colon].lowercased() == "upgrade" else { return false }
            return field[colon...].lowercased().contains("websocket")
        }
    }
}
