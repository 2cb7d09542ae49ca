public import SidetoneJSON

/// A MiniVoice webhook: an envelope, the call, its variables, and the data of the event.
public struct MiniVoiceWebhook: Sendable, Hashable {
    public var event: WebhookEvent
    /// Whole seconds on the wire.
    public var createdAt: UTCTime
    public var call: WebhookCall
    /// Usually texts; other values are kept unchanged.
    public var variables: JSONObject
    /// The data of the event, without the event key.
    public var data: JSONObject
    /// As sent by the platform; nil if it sent none.
    public var eventKey: String?

    public init(
        event: WebhookEvent, createdAt: UTCTime, call: WebhookCall, variables: JSONObject = JSONObject(),
        data: JSONObject = JSONObject(), eventKey: String? = nil
    ) {
        self.event = event
        self.createdAt = createdAt
        self.call = call
        self.variables = variables
        self.data = data
        self.eventKey = eventKey
    }

    /// The same for every delivery of one event, and different for each event. As the platform recommends, the call ID
    /// and the event name identify events that occur once per call. Events that may recur, such as `call.gathered`, are
    /// also identified by their time and recording: otherwise two events that share an `event_key` would count as one,
    /// and the second would be lost.
    public var idempotencyKey: String {
        let key = eventKey ?? Self.eventKey(call: call.id, event)
        guard !Self.onceInACall.contains(event) else { return key }
        var recording = ""
        if case .text(let id)? = data["recording_id"] { recording = id }
        return "\(key):\(createdAt.unixMs):\(recording)"
    }

    private static let onceInACall: Set<WebhookEvent> = [.callCreated, .callAnswered, .callCompleted, .callFailed]

    public static func eventKey(call: String, _ event: WebhookEvent) -> String { "\(call):\(event)" }

    /// Reads a webhook. Unknown events and unknown fields are kept or ignored, never rejected.
    /// - Throws: every problem of the webhook.
    public static func read(_ bytes: [UInt8]) throws(Diagnostics) -> MiniVoiceWebhook {
        var fields = try FieldReader.message(bytes)
        let event = fields.text("event", need: .required, rule: .notEmpty)
        let createdAt = fields.text("created_at", need: .required, rule: timeRule).flatMap { UTCTime($0) }
        let call = fields.object("call", need: .required)
        let variables = fields.object("variables")
        var data = fields.object("data") ?? JSONObject()
        var findings = fields.finish()
        var callFields = FieldReader(call ?? JSONObject(), at: JSONPath().member("call"), .message)
        let read = call.flatMap { _ in WebhookCall(&callFields) }
        findings.add(callFields.finish())
        var dataFields = FieldReader(data, at: JSONPath().member("data"), .message)
        let eventKey = dataFields.text("event_key")
        findings.add(dataFields.finish())
        guard let event, let createdAt, let read, findings.isEmpty else { throw findings }
        data["event_key"] = nil
        return MiniVoiceWebhook(
            event: WebhookEvent(rawValue: event), createdAt: createdAt, call: read,
            variables: variables ?? JSONObject(), data: data, eventKey: eventKey)
    }

    public func write() -> [UInt8] {
        var data = data
        data["event_key"] = eventKey.map { .text($0) }
        return JSONWriter.bytes(
            of: .object(
                JSONObject([
                    JSONMember("event", .text(event.rawValue)), JSONMember("created_at", .text(createdAt.seconds)),
                    JSONMember("call", .object(call.json)), JSONMember("variables", .object(variables)),
                    JSONMember("data", .object(data)),
                ])))
    }

    static let timeRule = TextRule("an RFC 3339 time, such as 2026-03-04T09:15:07Z") { text in
        UTCTime(text) == nil ? TextRule.Violation("is not such a time", "write it in UTC, with a Z") : nil
    }
}
