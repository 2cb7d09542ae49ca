package import NIOCore

/// The limits of one WebSocket connection.
package struct WebSocketLimits: Sendable {
    /// Bytes of one message, all fragments together.
    package var messageBytes = 256 * 1_024
    /// From the TCP connection to the upgrade, TLS included.
    package var handshake: TimeAmount = .seconds(10)
    /// From the upgrade to the first message.
    package var firstMessage: TimeAmount = .seconds(10)
    /// From one message to the next.
    package var idle: TimeAmount = .seconds(300)
    /// Between pings; an answer is due before the next one.
    package var ping: TimeAmount = .seconds(20)
    /// A server's connections whose upgrade is still to come.
    package var connections = ConnectionLimits()
    /// Frames that the peer may send; faster ones are not read until their time. nil: as fast as they come.
    package var frames: RateLimit?
    /// Bytes of payload, likewise.
    package var bytes: RateLimit?
    /// Pings and pongs; more end the connection with 1008.
    package var controlFrames = RateLimit(perSecond: 20, burst: 200)
    /// How long what was received and not yet processed is still processed after the end of the connection, when the
    /// peer was held back.
    package var drain: TimeAmount = .seconds(10)

    package init() {}
}
