package import NIOCore
package import SidetoneModel

/// Receives the events of one end of a WebSocket, always on the connection's event loop.
package protocol WebSocketReceiver: AnyObject {
    /// The upgrade is complete.
    func opened(_ connection: WebSocketConnection)
    /// One complete message. Its storage is reused: keeping it costs a copy at the next one.
    ///
    /// - Parameter readAt: when its last byte was read from the socket.
    func received(_ message: WireMessage, readAt: NIODeadline)
    /// Called once; nothing follows.
    func ended(_ end: WebSocketEnd)
    /// The time until which reading from the peer is to be suspended, queried after each message; nil: continue
    /// reading.
    ///
    /// Meanwhile, input fills the network's buffers, and the peer has to wait.
    var pausedUntil: NIODeadline? { get }
    /// Payload that was received and will not be processed, because the connection has ended while the peer was
    /// throttled.
    func dropped(bytes: Int)
}

extension WebSocketReceiver {
    package var pausedUntil: NIODeadline? { nil }
    package func dropped(bytes: Int) {}
}

/// How a connection ended.
package enum WebSocketEnd: Sendable, Hashable {
    /// The peer sent a close frame, with this code and reason if present; the reason is safe to print.
    case closed(code: Int?, reason: String = "")
    /// The connection ended without a close frame.
    case reset
    /// A ping was not answered, or no message arrived for too long.
    case timeout
    /// The peer violated RFC 6455 and was sent this code.
    case violation(code: Int)
    /// This side closed it.
    case local
}

/// One open WebSocket. Its methods may be called from anywhere.
package struct WebSocketConnection: Sendable {
    let channel: any Channel

    package var eventLoop: any EventLoop { channel.eventLoop }
    /// False while more data is queued than the peer accepts.
    package var isWritable: Bool { channel.isWritable }

    /// Sends a message; the future fails when it cannot be passed to the network.
    @discardableResult
    package func send(_ message: WireMessage) -> EventLoopFuture<Void> {
        channel.writeAndFlush(OutgoingFrame.message(message))
    }

    /// Queues a message until the next `flush` or `send`, so that several are written at once.
    package func queue(_ message: WireMessage) { channel.write(OutgoingFrame.message(message), promise: nil) }

    package func flush() { channel.flush() }

    /// Sends a close frame and closes. 1000 is a normal end, 1001 a shutdown.
    ///
    /// - Parameter reason: for the peer's log; the close frame contains its first 123 bytes.
    package func close(code: Int = 1_000, reason: String = "") {
        channel.writeAndFlush(OutgoingFrame.close(code: code, reason: reason), promise: nil)
    }

    /// Closes the connection without a close frame.
    package func abort() { channel.close(mode: .all, promise: nil) }

    /// Completes when the connection has ended.
    package var closed: EventLoopFuture<Void> { channel.closeFuture }
}

/// The events that `WebSocketConnection` passes to its handler.
enum OutgoingFrame: Sendable {
    case message(WireMessage)
    case close(code: Int, reason: String)
}
