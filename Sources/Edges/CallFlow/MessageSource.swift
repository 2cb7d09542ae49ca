/// Where the messages of a stream come from, in the order in which they are to be sent.
public protocol MessageSource {
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
    public func onNews(_ tell: @escaping @Sendable () -> Void) {}
    public var failure: (any Error)? { nil }
    public var cut: Double? { nil }
    public var faults: FaultCounts { FaultCounts() }
    public func abandon() {}
}

/// What a source has to give.
public enum NextMessage: Sendable, Hashable {
    case message(TimedMessage)
    /// The next message is not known yet; whoever sends asks again when the source tells of news.
    case notYet
    /// There is none any more.
    case over
}
