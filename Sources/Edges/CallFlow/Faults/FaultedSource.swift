/// A source whose messages go wrong as a plan says.
public struct FaultedSource: MessageSource {
    private var source: any MessageSource
    private var messages: FaultedMessages
    /// What is to be sent next, the next one last.
    private var waiting: [TimedMessage] = []
    private var isOver = false

    public init(_ source: any MessageSource, _ messages: FaultedMessages) {
        self.source = source
        self.messages = messages
    }

    public mutating func next() throws -> NextMessage {
        while waiting.isEmpty {
            guard !isOver else { return .over }
            var coming: [TimedMessage] = []
            switch try source.next() {
            case .message(let message): messages.take(message) { coming.append($0) }
            case .notYet: return .notYet
            case .over:
                messages.finish { coming.append($0) }
                isOver = true
            }
            if messages.cut != nil { isOver = true }
            waiting = coming.reversed()
        }
        return waiting.popLast().map { .message($0) } ?? .over
    }

    public func onNews(_ tell: @escaping @Sendable () -> Void) { source.onNews(tell) }
    public var failure: (any Error)? { messages.cut == nil ? source.failure : nil }
    public var cut: Double? { messages.cut }
    public var faults: FaultCounts { messages.counts }
    public func abandon() { source.abandon() }
}
