/// Why a signature or token is not accepted. Never repeats the key, the body or the expected signature.
public struct SignatureError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A required header field is missing.
        case missing
        /// A header field or token is not of the documented form.
        case malformed
        /// The timestamp is too far from now, or the token has expired.
        case outsideWindow
        /// Another key, another text, or a forgery.
        case mismatch
        /// The token was valid and has been used.
        case usedUp
    }
    public var code: Code
    public var detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(detail) [\(code.rawValue)]" }
}
