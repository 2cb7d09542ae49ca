package import NIOCore

/// The limits of one WebSocket connection.
package struct WebSocketLimits: Sendable {
    /// Maximum size of a message in bytes, all fragments together.
    package var messageBytes = 256 * 1_024
    /// From the TCP connection to the upgrade, TLS included.
    package var handshake: TimeAmount = .seconds(10)
    /// From the upgrade to the first message.
    package var firstMessage: TimeAmount = .seconds(10)
    /// From one message to the next.
    package var idle: TimeAmount = .seconds(300)
    /// Interval of pings; an answer is due before the next one.
    package var ping: TimeAmount = .seconds(20)
    /// A server's maximum number of connections before their upgrade.
    package var connections = ConnectionLimits()
    /// The maximum rate of frames from the peer; reading is throttled to it. nil: unlimited.
    package var frames: RateLimit?
    /// The maximum rate of payload bytes, enforced likewise.
    package var bytes: RateLimit?
    /// The maximum rate of pings and pongs; exceeding it closes the connection with 1008.
    package var controlFrames = RateLimit(perSecond: 20, burst: 200)
    /// How long buffered input of a throttled peer is still processed after the end of the connection.
    package var drain: TimeAmount = .seconds(10)

    package init() {}
}
