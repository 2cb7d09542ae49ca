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
        // What this program cannot read, it does not show.
        if let message = try? LiveMessage(message.bytes) { tell(.message(message)) }
    }

    func ended(_ end: WebSocketEnd) {
        guard !isOver else { return }
        isOver = true
        tell(.lost("the server ended it (\(end))"))
    }
}
