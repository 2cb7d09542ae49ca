package import SidetoneCallControl

/// Where the messages of a stream come from, in the order in which they are to be sent.
package protocol MessageSource {
    mutating func next() throws -> NextMessage
    /// For a source that says `notYet`: `tell` is to be called, from any thread, when there is something new.
    func onNews(_ tell: @escaping @Sendable () -> Void)
    /// Why nothing more will come, though more should: the receiver is too slow for it.
    var failure: (any Error)? { get }
    /// How the connection ends once nothing more comes.
    var end: ConnectionEnd { get }
    /// What was done to the messages on purpose.
    var faults: FaultCounts { get }
    /// Nothing more will be taken.
    func abandon()
}

extension MessageSource {
    package func onNews(_ tell: @escaping @Sendable () -> Void) {}
    package var failure: (any Error)? { nil }
    package var end: ConnectionEnd { .receiver }
    package var faults: FaultCounts { FaultCounts() }
    package func abandon() {}
}

/// What a source has to give.
package enum NextMessage: Sendable, Hashable {
    case message(TimedMessage)
    /// The next message is not known yet; whoever sends asks again when the source tells of news.
    case notYet
    /// There is none any more.
    case over
}

/// How a sender ends its connection after its last message. Times count as those of messages do.
package enum ConnectionEnd: Sendable, Hashable {
    /// The receiver closes it, as platforms expect after `stop`; one that does not is closed half a second later.
    case receiver
    /// The sender closes it with 1000.
    case closed(at: Double)
    /// The sender cuts it without a close frame.
    case cut(at: Double)

    /// When the sender ends it; nil where that is not its part.
    var time: Double? {
        switch self {
        case .receiver: nil
        case .closed(let time), .cut(let time): time
        }
    }
}
