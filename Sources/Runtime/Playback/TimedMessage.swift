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
