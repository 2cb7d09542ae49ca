/// Why a WebSocket could not be opened.
package struct WebSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case badURL, badCertificate, cannotListen, cannotConnect, refused, handshakeFailed, timedOut
    }
    package var code: Code
    package var detail: String
    /// The HTTP status of a refusal.
    package var status: Int?

    package init(_ code: Code, _ detail: String, status: Int? = nil) {
        self.code = code
        self.detail = detail
        self.status = status
    }

    package var description: String { "\(detail) [\(code.rawValue)]" }
}
