package import SidetoneModel

/// A message with its due time.
package struct TimedMessage: Sendable, Hashable {
    /// Seconds since the socket opened.
    package var due: Double
    package var message: WireMessage
    /// Whether it announces the end of the stream: a receiver that closes after it does not end the stream early.
    package var isLast: Bool

    package init(due: Double, message: WireMessage, isLast: Bool = false) {
        self.due = due
        self.message = message
        self.isLast = isLast
    }
}
