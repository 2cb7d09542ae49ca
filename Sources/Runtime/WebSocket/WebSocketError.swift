/// Why a WebSocket could not be opened.
public struct WebSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case badURL, badCertificate, cannotListen, cannotConnect, refused, handshakeFailed, timedOut
    }
    public var code: Code
    public var detail: String
    /// The HTTP status of the answer, where it was refused.
    public var status: Int?

    public init(_ code: Code, _ detail: String, status: Int? = nil) {
        self.code = code
        self.detail = detail
        self.status = status
    }

    public var description: String { "\(detail) [\(code.rawValue)]" }
}
