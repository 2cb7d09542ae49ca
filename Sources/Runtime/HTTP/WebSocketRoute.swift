package import SidetoneWebSocket

/// The path of an HTTP server on which WebSockets are opened.
package struct WebSocketRoute: Sendable {
    /// The path without a query.
    let path: String
    let limits: WebSocketLimits
    let decide: @Sendable (WebSocketServer.Request) -> WebSocketServer.Answer

    /// - Parameter decide: answers an upgrade request, on the connection's event loop, once per connection.
    package init(
        _ path: String, limits: WebSocketLimits,
        decide: @escaping @Sendable (WebSocketServer.Request) -> WebSocketServer.Answer
    ) {
        self.path = path
        self.limits = limits
        self.decide = decide
    }
}
