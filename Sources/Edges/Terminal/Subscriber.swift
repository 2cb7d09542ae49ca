import NIOCore
import SidetoneModel
import SidetoneWebSocket

/// One connection to a monitor: forwards its messages. Runs on the event loop of the connection.
final class Subscriber: WebSocketReceiver {
    private let yield: @Sendable (TerminalMonitor.Event) -> Void
    private var isOver = false

    init(_ yield: @escaping @Sendable (TerminalMonitor.Event) -> Void) { self.yield = yield }

    func opened(_ connection: WebSocketConnection) { yield(.opened(connection)) }

    func received(_ message: WireMessage, readAt: NIODeadline) {
        yield((try? LiveMessage(message.bytes)).map { .message($0) } ?? .unreadable)
    }

    func ended(_ end: WebSocketEnd) {
        guard !isOver else { return }
        isOver = true
        yield(.lost("the server closed the connection (\(end))"))
    }
}
