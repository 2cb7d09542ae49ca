/// One line of a call's three logs: what the platform was told to do, what the receiver of its streams saw, and what its
/// webhooks said. Together, in the order of their times, they are the call's timeline.
public struct CallLogEntry: Sendable, Hashable {
    /// Whose word it is.
    public enum Log: String, Sendable, CaseIterable {
        /// The document that an `answer_url` gave, and what became of its actions.
        case answer
        /// What the receiver of streams saw: opened, first media, errors, ended.
        case receiver
        /// What webhooks and status callbacks said. A lifecycle webhook is the truth about a call's end.
        case webhook
    }

    /// Wall-clock time, seconds since 1970.
    public var time: Double
    public var log: Log
    /// The call's id; empty where it is not known, such as for a refused upgrade.
    public var call: String
    /// What happened, in words joined by dots: `stream.opened`, `call.completed`, `actions.served`.
    public var event: String
    /// What else is known, in the order in which it is written; never payload, digits or tokens.
    public var values: [Signal.Entry]

    public init(time: Double, log: Log, call: String, event: String, values: [Signal.Entry] = []) {
        self.time = time
        self.log = log
        self.call = call
        self.event = event
        self.values = values
    }
}
