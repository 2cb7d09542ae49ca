/// Where the messages of a stream come from, in the order in which they are to be sent.
package protocol MessageSource {
    mutating func next() throws -> NextMessage
    /// For a source that says `notYet`: `tell` is to be called, from any thread, when there is something new.
    func onNews(_ tell: @escaping @Sendable () -> Void)
    /// Why nothing more will come, though more should: the receiver is too slow for it.
    var failure: (any Error)? { get }
    /// When the connection is cut without a word, once nothing more comes; nil where it is closed as it should be.
    var cut: Double? { get }
    /// What was done to the messages on purpose.
    var faults: FaultCounts { get }
    /// Nothing more will be taken.
    func abandon()
}

extension MessageSource {
    package func onNews(_ tell: @escaping @Sendable () -> Void) {}
    package var failure: (any Error)? { nil }
    package var cut: Double? { nil }
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
