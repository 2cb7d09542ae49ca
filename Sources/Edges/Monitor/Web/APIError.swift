import HTTPTypes
import Hummingbird
import NIOCore
import SidetoneJSON

/// The error response to a request: `{"error":{"code":"not_found","message":"…"}}`.
struct APIError: Error, HTTPResponseError, Equatable {
    var status: HTTPResponse.Status
    /// The code for programs.
    var code: String
    /// The message for people.
    var message: String
    var headers: HTTPFields = [:]

    static func notFound(_ message: String) -> APIError {
        APIError(status: .notFound, code: "not_found", message: message)
    }
    static func badRequest(_ message: String) -> APIError {
        APIError(status: .badRequest, code: "bad_request", message: message)
    }

    /// For requests refused by the HTTP framework.
    init(_ error: any HTTPResponseError) {
        switch error.status {
        case .notFound: self = .notFound("no such resource")
        case .contentTooLarge: self.init(status: error.status, code: "too_large", message: "the body is too large")
        default:
            self.init(
                status: error.status, code: error.status.kind == .serverError ? "internal" : "bad_request",
                message: error.status.reasonPhrase)
        }
    }

    init(status: HTTPResponse.Status, code: String, message: String, headers: HTTPFields = [:]) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
    }

    var response: Response {
        var json = JSONWriter()
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.member("code", text: code)
        json.member("message", text: message)
        json.endObject()
        json.endObject()
        var response = Response(json: json.bytes, status: status)
        response.headers.append(contentsOf: headers)
        return response
    }

    func response(from request: Request, context: some RequestContext) throws -> Response { response }
}

extension Response {
    /// A JSON response.
    init(json: [UInt8], status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }
}
