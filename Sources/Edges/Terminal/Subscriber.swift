import NIOCore
import SidetoneModel
import SidetoneWebSocket

/// One connection to a monitor: hands its messages on. Lives on the connection's event loop.
final class Subscriber: WebSocketReceiver {
    private let tell: @Sendable (TerminalMonitor.Event) -> Void
    private var isOver = false

    init(_ tell: @escaping @Sendable (TerminalMonitor.Event) -> Void) { self.tell = tell }

    func opened(_ connection: WebSocketConnection) { tell(.opened(connection)) }

    func received(_ message: WireMessage, readAt: NIODeadline) {
        tell((try? LiveMessage(message.bytes)).map { .message($0) } ?? .unreadable)
    }

    func ended(_ end: WebSocketEnd) {
        guard !isOver else { return }
        isOver = true
        tell(.lost("the server ended it (\(end))"))
    }
}
