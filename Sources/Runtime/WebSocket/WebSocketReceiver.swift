package import NIOCore
package import SidetoneModel

/// Whoever hears one end of a WebSocket. Every call comes on the connection's event loop.
package protocol WebSocketReceiver: AnyObject {
    /// The upgrade is done.
    func opened(_ connection: WebSocketConnection)
    /// One whole message. Its storage is used again: keeping it costs a copy at the next one.
    ///
    /// - Parameter readAt: when its last byte left the socket.
    func received(_ message: WireMessage, readAt: NIODeadline)
    /// Called once; nothing follows.
    func ended(_ end: WebSocketEnd)
    /// Until when nothing more is to be read from the peer, asked after each message; nil: read on.
    ///
    /// What the network has received meanwhile fills its buffers, and the peer has to wait.
    var pausedUntil: NIODeadline? { get }
    /// Payload that was received and will not be processed: the connection has ended while the peer was held back.
    func dropped(bytes: Int)
}

extension WebSocketReceiver {
    package var pausedUntil: NIODeadline? { nil }
    package func dropped(bytes: Int) {}
}

/// How a connection ended.
package enum WebSocketEnd: Sendable, Hashable {
    /// The peer sent a close frame, with this code and reason if it gave them; the reason is safe to print.
    case closed(code: Int?, reason: String = "")
    /// The connection was gone without a close frame.
    case reset
    /// A ping was not answered, or no message came for too long.
    case timeout
    /// The peer broke RFC 6455 and was told so with this code.
    case violation(code: Int)
    /// This side closed it.
    case local
}

/// One open WebSocket. Its methods may be called from anywhere.
package struct WebSocketConnection: Sendable {
    let channel: any Channel

    package var eventLoop: any EventLoop { channel.eventLoop }
    /// False while more is queued than the peer takes.
    package var isWritable: Bool { channel.isWritable }

    /// Sends a message; the future fails when it cannot be handed to the network.
    @discardableResult
    package func send(_ message: WireMessage) -> EventLoopFuture<Void> {
        channel.writeAndFlush(OutgoingFrame.message(message))
    }

    /// Queues a message until the next `flush` or `send`, so that several leave in one write.
    package func queue(_ message: WireMessage) { channel.write(OutgoingFrame.message(message), promise: nil) }

    package func flush() { channel.flush() }

    /// Sends a close frame and closes. 1000 is a normal end, 1001 a shutdown.
    ///
    /// - Parameter reason: for the peer's log; the close frame carries its first 123 bytes.
    package func close(code: Int = 1_000, reason: String = "") {
        channel.writeAndFlush(OutgoingFrame.close(code: code, reason: reason), promise: nil)
    }

    /// Cuts the connection without a word.
    package func abort() { channel.close(mode: .all, promise: nil) }

    /// Completes when the connection is gone.
    package var closed: EventLoopFuture<Void> { channel.closeFuture }
}

/// What `WebSocketConnection` hands to its handler.
enum OutgoingFrame: Sendable {
    case message(WireMessage)
    case close(code: Int, reason: String)
}
