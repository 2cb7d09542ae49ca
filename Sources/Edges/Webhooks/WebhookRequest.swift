import SidetoneCallControl
import SidetoneJSON

/// A request as received.
struct WebhookRequest: Sendable {
    enum Method: String, Sendable { case get = "GET", post = "POST" }

    var method: Method
    /// Path and query of the request line.
    var target: String
    /// Names in lower case; the first value of repeated fields.
    var headers: [String: String]
    var body: [UInt8]

    /// The query as a form.
    var query: Form {
        get throws(WebhookError) {
            let query = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
            return try Self.form(Array((query ?? "").utf8))
        }
    }

    /// The body as a form.
    var form: Form { get throws(WebhookError) { try Self.form(body) } }

    /// Strings, numbers and booleans of a JSON body as a form: the content of a callback does not depend on its encoding.
    var jsonForm: Form {
        get throws(WebhookError) {
            var findings = Diagnostics()
            guard case .object(let object)? = JSONReader.read(body, into: &findings), findings.isEmpty else {
                throw .malformed(findings)
            }
            return Form(
                object.members.compactMap { member in
                    switch member.value {
                    case .text(let text): Form.Field(member.name, text)
                    case .number(let number): Form.Field(member.name, number.literal)
                    case .flag(let flag): Form.Field(member.name, "\(flag)")
                    case .null, .list, .object: nil
                    }
                })
        }
    }

    /// Whether the body is a form, by its content type or, without one, by its first character.
    var isForm: Bool {
        if let type = headers["content-type"]?.lowercased() {
            if type.hasPrefix("application/x-www-form-urlencoded") { return true }
            if type.contains("json") { return false }
        }
        return body.first { !" \t\r\n".utf8.contains($0) } != UInt8(ascii: "{")
    }

    private static func form(_ bytes: [UInt8]) throws(WebhookError) -> Form {
        do throws(Diagnostics) { return try Form.read(bytes) } catch { throw .malformed(error) }
    }
}
