/// Why a request was not made, or had no usable answer.
package struct WebError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The address is none that may be requested, wherever it leads.
        case badURL
        /// It leads where it may not.
        case refused
        /// The name has no address.
        case unresolved
        /// Nobody takes the connection, or TLS fails.
        case cannotConnect
        /// No whole answer in time.
        case timedOut
        /// More than the answer may have.
        case tooLarge
        /// The connection broke, or the answer is no HTTP.
        case failed
    }
    package var code: Code
    package var detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    package var description: String { "\(detail) [\(code.rawValue)]" }
}
