public import SidetoneJSON

/// The status callback of a cXML or TwiML call, a form: what became of the call itself.
public struct CXMLCallStatus: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case queued, initiated, ringing
        case inProgress = "in-progress"
        /// Seen as a status and as an event's name; both mean `in-progress`.
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
    /// `inbound`, `outbound-api`, `outbound-dial` are those seen.
    public var direction: String?
    /// Only once the call is over.
    public var durationSeconds: Int?
    /// The date of a mail, as Twilio writes it, or RFC 3339; a label, so that any other text is passed over.
    public var timestamp: UTCTime?

    public init(callSID: String, status: Status) {
        self.callSID = callSID
        self.status = status
    }

    /// - Throws: everything that is wrong with it.
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

    /// The same event in the words of a lifecycle.
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
