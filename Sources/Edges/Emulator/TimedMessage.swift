package import SidetoneModel

/// A message and when it is due.
package struct TimedMessage: Sendable, Hashable {
    /// Seconds since the socket opened.
    package var due: Double
    package var message: WireMessage
    /// Whether it tells the receiver that the stream is over: a receiver that closes after it ends nothing early.
    package var isLast: Bool

    package init(due: Double, message: WireMessage, isLast: Bool = false) {
        self.due = due
        self.message = message
        self.isLast = isLast
    }
}

/// How fast messages are sent.
package enum Pace: Sendable, Hashable {
    /// This many seconds of the call a second: 1 is real time.
    case times(Double)
    /// As fast as the peer takes them.
    case max

    /// - Parameter text: `max`, or a number above 0.
    package init?(_ text: String) {
        if text == "max" {
            self = .max
        } else if let speed = Double(text), speed > 0, speed <= 1_000 {
            self = .times(speed)
        } else {
            return nil
        }
    }
}
