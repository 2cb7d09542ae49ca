public import SidetoneJSON

/// The body of every error that MiniVoice reports: `{"error":{"code":"…","message":"…"}}`.
public struct PlatformError: Error, Sendable, Hashable {
    /// Such as `answer_url_error`, `invalid_request`, `originate_failed`.
    public var code: String
    public var message: String

    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// The error for an invalid action document.
    public static let answerURL = PlatformError(code: "answer_url_error", message: "invalid action payload")

    public static func read(_ bytes: [UInt8]) throws(Diagnostics) -> PlatformError {
        var outer = try FieldReader.message(bytes)
        guard let error = outer.object("error", need: .required) else { throw outer.finish() }
        var fields = FieldReader(error, at: JSONPath().member("error"), .message)
        let code = fields.text("code", need: .required, rule: .notEmpty)
        let message = fields.text("message")
        guard let code else { throw fields.finish() }
        return PlatformError(code: code, message: message ?? "")
    }

    public func write() -> [UInt8] {
        let error = JSONObject([JSONMember("code", .text(code)), JSONMember("message", .text(message))])
        return JSONWriter.bytes(of: .object(JSONObject([JSONMember("error", .object(error))])))
    }
}
