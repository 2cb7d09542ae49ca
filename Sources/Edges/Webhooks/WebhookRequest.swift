import SidetoneCallControl

/// A request as it was received.
struct WebhookRequest: Sendable {
    enum Method: String, Sendable { case get = "GET", post = "POST" }

    var method: Method
    /// Path and query, as they stood in the request line.
    var target: String
    /// Names in lower case; of a repeated one the first.
    var headers: [String: String]
    var body: [UInt8]

    /// The query as a form.
    var query: Form {
        get throws(WebhookRefusal) {
            let query = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
            return try Self.form(Array((query ?? "").utf8))
        }
    }

    /// The body as a form.
    var form: Form { get throws(WebhookRefusal) { try Self.form(body) } }

    /// Whether the body says that it is a form, or looks like none of JSON's.
    var isForm: Bool {
        if let type = headers["content-type"]?.lowercased() {
            if type.hasPrefix("application/x-www-form-urlencoded") { return true }
            if type.contains("json") { return false }
        }
        return body.first { !" \t\r\n".utf8.contains($0) } != UInt8(ascii: "{")
    }

    private static func form(_ bytes: [UInt8]) throws(WebhookRefusal) -> Form {
        do throws(Findings) { return try Form.read(bytes) } catch { throw .malformed(error) }
    }
}
