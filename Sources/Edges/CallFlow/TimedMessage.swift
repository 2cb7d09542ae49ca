public import SidetoneModel

/// A message and when it is due.
public struct TimedMessage: Sendable, Hashable {
    /// Seconds since the socket opened.
    public var due: Double
    public var message: WireMessage
    /// Whether it tells the receiver that the stream is over: a receiver that closes after it ends nothing early.
    public var isLast: Bool

    public init(due: Double, message: WireMessage, isLast: Bool = false) {
        self.due = due
        self.message = message
        self.isLast = isLast
    }
}

/// How fast messages are sent.
public enum Pace: Sendable, Hashable {
    /// This many seconds of the call a second: 1 is real time.
    case times(Double)
    /// As fast as the peer takes them.
    case max

    /// - Parameter text: `max`, or a number above 0.
    public init?(_ text: String) {
        if text == "max" {
            self = .max
        } else if let speed = Double(text), speed > 0, speed <= 1_000 {
            self = .times(speed)
        } else {
            return nil
        }
    }
}
