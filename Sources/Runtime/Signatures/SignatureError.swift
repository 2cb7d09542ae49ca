/// Why a signature is not believed. Says nothing of the key, the body or the signature that would be right.
public struct SignatureError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A header field that must be there is not.
        case missing
        /// A header field is not of the form that the platform documents.
        case malformed
        /// The timestamp is too far from now.
        case outsideWindow
        /// Another key, another text, or a forgery.
        case mismatch
    }
    public var code: Code
    public var detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(detail) [\(code.rawValue)]" }
}
