public import SidetoneJSON

/// The status callback of a cXML or TwiML call, sent as a form.
public struct CXMLCallStatus: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case queued, initiated, ringing
        case inProgress = "in-progress"
        /// Observed as a status and as an event name; both mean `in-progress`.
        case answered
        case completed, busy, failed
        case noAnswer = "no-answer"
        case canceled
    }

    public var accountSID: String?
    public var callSID: String
    public var status: Status
    public var from: String?
    public var to: String?
    /// `inbound`, `outbound-api`, `outbound-dial` were observed.
    public var direction: String?
    /// Present only after the end of the call.
    public var durationSeconds: Int?
    /// In the date format of mail, as Twilio writes it, or RFC 3339; informational, so any other text is ignored.
    public var timestamp: UTCTime?

    public init(callSID: String, status: Status) {
        self.callSID = callSID
        self.status = status
    }

    /// - Throws: every problem of the form.
    public init(_ form: Form) throws(Diagnostics) {
        var fields = FieldReader(form.object, .message)
        let callSID = fields.text("CallSid", need: .required, rule: .notEmpty)
        let status = fields.word("CallStatus", need: .required, of: Status.self)
        accountSID = fields.text("AccountSid")
        from = fields.text("From")
        to = fields.text("To")
        direction = fields.text("Direction")
        durationSeconds = fields.text("CallDuration").flatMap { Int($0) }
        timestamp = fields.text("Timestamp").flatMap { UTCTime(mail: $0) ?? UTCTime($0) }
        let findings = fields.finish()
        guard let callSID, let status, findings.isEmpty else { throw findings }
        self.callSID = callSID
        self.status = status
    }

    /// The corresponding lifecycle event.
    public var event: WebhookEvent {
        switch status {
        case .queued, .initiated: .callCreated
        case .ringing: WebhookEvent(rawValue: "call.ringing")
        case .inProgress, .answered: .callAnswered
        case .completed: .callCompleted
        case .busy, .failed, .noAnswer, .canceled: .callFailed
        }
    }
}
