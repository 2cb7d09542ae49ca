/// Why a signature or token was rejected. Never repeats the key, the body or the expected signature.
package struct SignatureError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// A required header field is missing.
        case missing
        /// A header field or token does not have the documented form.
        case malformed
        /// The timestamp is too far from the current time, or the token has expired.
        case outsideWindow
        /// Another key, another text, or a forgery.
        case mismatch
        /// The token was valid and has already been used.
        case usedUp
    }
    package var code: Code
    package var detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    package var description: String { "\(detail) [\(code.rawValue)]" }
}
