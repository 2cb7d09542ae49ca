/// One entry of a call's three logs: the instructions served to the platform, the receiver's view of its streams, and
/// the webhooks received. Sorted by time, they form the call's timeline.
public struct CallLogEntry: Sendable, Hashable {
    /// The origin of an entry.
    public enum Log: String, Sendable, CaseIterable {
        /// The document served from an `answer_url`, and the outcome of its actions.
        case answer
        /// Events at the stream receiver: opened, first media, errors, ended.
        case receiver
        /// Webhooks and status callbacks. A lifecycle webhook is authoritative for the end of a call.
        case webhook
    }

    /// Wall-clock time, seconds since 1970.
    public var time: Double
    public var log: Log
    /// The call's ID; empty where it is not known, for instance for a rejected upgrade.
    public var call: String
    /// The event name, dot-separated: `stream.opened`, `call.completed`, `actions.served`.
    public var event: String
    /// Further details, in output order; never payload, digits or tokens.
    public var values: [Signal.Entry]

    public init(time: Double, log: Log, call: String, event: String, values: [Signal.Entry] = []) {
        self.time = time
        self.log = log
        self.call = call
        self.event = event
        self.values = values
    }
}
