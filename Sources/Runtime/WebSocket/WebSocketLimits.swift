public import NIOCore

/// The limits of one WebSocket connection.
public struct WebSocketLimits: Sendable {
    /// Bytes of one message, all fragments together.
    public var messageBytes = 256 * 1_024
    /// From the TCP connection to the upgrade, TLS included.
    public var handshake: TimeAmount = .seconds(10)
    /// From the upgrade to the first message.
    public var firstMessage: TimeAmount = .seconds(10)
    /// From one message to the next.
    public var idle: TimeAmount = .seconds(300)
    /// Between pings; an answer is due before the next one.
    public var ping: TimeAmount = .seconds(20)
    /// A server's connections whose upgrade is still to come.
    public var connections = ConnectionLimits()
    /// Frames that the peer may send; faster ones are not read until their time. nil: as fast as they come.
    public var frames: RateLimit?
    /// Bytes of payload, likewise.
    public var bytes: RateLimit?
    /// Pings and pongs; more end the connection with 1008.
    public var controlFrames = RateLimit(perSecond: 20, burst: 200)
    /// How long what was received and not yet processed is still processed after the end of the connection, when the
    /// peer was held back.
    public var drain: TimeAmount = .seconds(10)

    public init() {}
}
