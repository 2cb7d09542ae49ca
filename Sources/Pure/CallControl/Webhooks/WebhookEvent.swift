/// The name of a MiniVoice webhook event. A name that is not listed here is accepted as well: platforms add events.
public struct WebhookEvent: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }

    public static let callCreated = WebhookEvent(rawValue: "call.created")
    public static let callAnswered = WebhookEvent(rawValue: "call.answered")
    public static let callCompleted = WebhookEvent(rawValue: "call.completed")
    public static let callFailed = WebhookEvent(rawValue: "call.failed")
    public static let callGathered = WebhookEvent(rawValue: "call.gathered")
    public static let recordingStarted = WebhookEvent(rawValue: "recording.started")
    public static let recordingCompleted = WebhookEvent(rawValue: "recording.completed")
    public static let recordingFailed = WebhookEvent(rawValue: "recording.failed")

    /// All documented events. There is none for streams.
    public static let all: [WebhookEvent] = [
        .callCreated, .callAnswered, .callCompleted, .callFailed, .callGathered, .recordingStarted,
        .recordingCompleted, .recordingFailed,
    ]
}
