/// Why a request was not sent, or had no usable response.
package struct WebError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The address is not acceptable, whatever its destination.
        case badURL
        /// The destination is not allowed.
        case refused
        /// The name has no address.
        case unresolved
        /// The connection is refused, or TLS fails.
        case cannotConnect
        /// No complete response in time.
        case timedOut
        /// The response exceeds its size limit.
        case tooLarge
        /// The connection broke, or the response is not HTTP.
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
