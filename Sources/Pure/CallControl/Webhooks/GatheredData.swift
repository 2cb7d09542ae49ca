public import SidetoneJSON

/// The `data` of `call.gathered`.
public struct GatheredData: Sendable, Hashable {
    /// Assumed values: only the field is documented.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case completed
        /// Ended by the finish key with fewer digits than the minimum.
        case incomplete
        /// Ended by the timeout with fewer digits than the minimum.
        case timeout
        case hangup
    }

    public var digits: String
    /// In the platform's spelling.
    public var status: String
    public var timedOut: Bool
    public var minDigits: Int?
    public var maxDigits: Int?
    public var timeoutSeconds: Int?
    public var finishOnKey: String?

    public init(digits: String, status: Status, timedOut: Bool, request: GatherRequest) {
        self.digits = digits
        self.status = status.rawValue
        self.timedOut = timedOut
        minDigits = request.minDigits
        maxDigits = request.maxDigits
        timeoutSeconds = request.timeoutSeconds
        finishOnKey = request.finishOnKey.map { String($0) }
    }

    /// - Throws: every problem of the `data` of a webhook.
    public init(_ data: JSONObject) throws(Diagnostics) {
        var fields = FieldReader(data, at: JSONPath().member("data"), .message)
        let digits = fields.text("digits", need: .required)
        let status = fields.text("status", need: .required)
        let timedOut = fields.flag("timed_out")
        minDigits = fields.whole("min_digits", in: 0...Int.max)
        maxDigits = fields.whole("max_digits", in: 0...Int.max)
        timeoutSeconds = fields.whole("timeout_seconds", in: 0...Int.max)
        finishOnKey = fields.text("finish_on_key")
        let findings = fields.finish()
        guard let digits, let status, findings.isEmpty else { throw findings }
        self.digits = digits
        self.status = status
        self.timedOut = timedOut ?? false
    }

    public var json: JSONObject {
        JSONObject(
            members([
                "digits": .text(digits), "status": .text(status), "timed_out": .flag(timedOut),
                "min_digits": minDigits.map { .whole($0) }, "max_digits": maxDigits.map { .whole($0) },
                "timeout_seconds": timeoutSeconds.map { .whole($0) }, "finish_on_key": finishOnKey.map { .text($0) },
            ]))
    }
}
