package import SidetoneCallControl

/// A source of the messages of a stream, in sending order.
package protocol MessageSource {
    mutating func next() throws -> NextMessage
    /// For sources that return `notYet`: `notify` is called, from any thread, when there is a new message.
    func onMessages(_ notify: @escaping @Sendable () -> Void)
    /// Why the source ended early: the receiver is too slow for it.
    var failure: (any Error)? { get }
    /// How the connection ends after the last message.
    var end: ConnectionEnd { get }
    /// Injected faults.
    var faults: FaultCounts { get }
    /// No more messages will be requested.
    func abandon()
}

extension MessageSource {
    package func onMessages(_ notify: @escaping @Sendable () -> Void) {}
    package var failure: (any Error)? { nil }
    package var end: ConnectionEnd { .receiver }
    package var faults: FaultCounts { FaultCounts() }
    package func abandon() {}
}

/// The next element of a source.
package enum NextMessage: Sendable, Hashable {
    case message(TimedMessage)
    /// No message yet; the sender asks again after a notification.
    case notYet
    /// The source has ended.
    case over
}

/// How a sender ends its connection after its last message. Times have the same origin as those of messages.
package enum ConnectionEnd: Sendable, Hashable {
    /// The receiver closes it, as platforms expect after `stop`; one that does not is closed half a second later.
    case receiver
    /// The sender closes it with 1000.
    case closed(at: Double)
    /// The sender resets it without a close frame.
    case cut(at: Double)

    /// When the sender ends it; nil if the receiver does.
    var time: Double? {
        switch self {
        case .receiver: nil
        case .closed(let time), .cut(let time): time
        }
    }
}
