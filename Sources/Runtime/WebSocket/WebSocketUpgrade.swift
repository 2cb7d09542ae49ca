package import NIOCore

/// The upgrade of a connection accepted elsewhere, for instance by an HTTP server.
package enum WebSocketUpgrade {
    /// Adds the handlers for the opening handshake to a connection from which nothing has been read yet.
    ///
    /// - Parameter decide: answers the request, on the connection's event loop, once.
    package static func configure(
        _ channel: any Channel, limits: WebSocketLimits,
        decide: @escaping @Sendable (WebSocketServer.Request) -> WebSocketServer.Answer
    ) throws {
        let clock = ReadClock()
        try channel.pipeline.syncOperations.addHandler(clock)
        try WebSocketUpgradeHandler.configure(channel, clock: clock, place: nil, limits: limits, decide: decide)
    }
}
