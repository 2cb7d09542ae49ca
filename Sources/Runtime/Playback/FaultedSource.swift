package import SidetoneCallControl

/// Applies a fault plan to the messages of a source.
package struct FaultedSource: MessageSource {
    private var source: any MessageSource
    private var messages: FaultedMessages
    /// Messages to send, the next one last.
    private var waiting: [TimedMessage] = []
    private var isOver = false

    package init(_ source: any MessageSource, faults messages: FaultedMessages) {
        self.source = source
        self.messages = messages
    }

    package mutating func next() throws -> NextMessage {
        while waiting.isEmpty {
            guard !isOver else { return .over }
            var coming: [TimedMessage] = []
            switch try source.next() {
            case .message(let message): messages.process(message) { coming.append($0) }
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

    package func onMessages(_ notify: @escaping @Sendable () -> Void) { source.onMessages(notify) }
    package var failure: (any Error)? { messages.cut == nil ? source.failure : nil }
    package var end: ConnectionEnd { messages.cut.map { .cut(at: $0) } ?? source.end }
    package var faults: FaultCounts { messages.counts }
    package func abandon() { source.abandon() }
}
