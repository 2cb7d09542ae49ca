public import SidetoneJSON

/// The status callback of a cXML or TwiML `<Stream>`, sent as a form by SignalWire and Twilio.
public struct CXMLStreamStatus: Sendable, Hashable {
    public enum Event: String, Sendable, Hashable, CaseIterable {
        case started = "stream-started"
        case stopped = "stream-stopped"
        case error = "stream-error"
    }

    /// SignalWire's values of `StreamError`; other texts are accepted as well.
    public static let knownErrors = [
        "invalid_url", "missing_url", "invalid_track", "codec_error", "connection_refused",
        "connection_refused_timeout_or_ssl_error", "general_error", "Duplicated stream ID", "Duplicated stream name",
    ]

    public var accountSID: String
    public var callSID: String
    public var streamSID: String
    /// The stream's SID if it has no name.
    public var streamName: String?
    public var event: Event
    /// Only with `.error`.
    public var error: String?
    public var track: String?
    /// RFC 3339, or the date format of mail; informational, so any other text is ignored.
    public var timestamp: UTCTime?
    public var conferenceSID: String?
    /// `Unique-ID`, SignalWire only.
    public var uniqueID: String?

    public init(accountSID: String, callSID: String, streamSID: String, event: Event) {
        self.accountSID = accountSID
        self.callSID = callSID
        self.streamSID = streamSID
        self.event = event
    }

    /// - Throws: every problem of the form.
    public init(_ form: Form) throws(Diagnostics) {
        var fields = FieldReader(form.object, .message)
        let accountSID = fields.text("AccountSid", need: .required, rule: .notEmpty)
        let callSID = fields.text("CallSid", need: .required, rule: .notEmpty)
        let streamSID = fields.text("StreamSid", need: .required, rule: .notEmpty)
        let event = fields.word("StreamEvent", need: .required, of: Event.self)
        streamName = fields.text("StreamName")
        error = fields.text("StreamError")
        track = fields.text("StreamTrack")
        timestamp = fields.text("Timestamp").flatMap { UTCTime($0) ?? UTCTime(mail: $0) }
        conferenceSID = fields.text("ConferenceSid")
        uniqueID = fields.text("Unique-ID")
        let findings = fields.finish()
        guard let accountSID, let callSID, let streamSID, let event, findings.isEmpty else { throw findings }
        self.accountSID = accountSID
        self.callSID = callSID
        self.streamSID = streamSID
        self.event = event
    }

    public var form: Form {
        let fields: KeyValuePairs<String, String?> = [
            "AccountSid": accountSID, "CallSid": callSID, "ConferenceSid": conferenceSID, "StreamSid": streamSID,
            "StreamName": streamName, "StreamEvent": event.rawValue, "StreamError": error, "StreamTrack": track,
            "Timestamp": timestamp?.milliseconds, "Unique-ID": uniqueID,
        ]
        return Form(fields.compactMap { name, value in value.map { Form.Field(name, $0) } })
    }
}
