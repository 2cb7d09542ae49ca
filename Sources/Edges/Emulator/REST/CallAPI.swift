import HTTPTypes
package import Hummingbird
import NIOCore
package import SidetoneCallControl
import SidetoneHTTP
import SidetoneJSON
import SidetoneSignatures

/// The emulated part of MiniVoice's REST API: calls, recordings, and the request to record. The request to record, the
/// fields of both objects and the errors are documented; the paths of recordings, the format of the list and
/// `recording_not_found` are **assumed**.
///
///     let listener = HTTPListener(address: address, router: CallAPI(calls: registry, recordings: store, token: token).router, …)
package struct CallAPI: Sendable {
    /// Maximum size of a request body, in bytes.
    static let mostBytes = 65_536

    private let calls: CallRegistry
    private let recordings: RecordingStore?
    private let token: Secret

    /// - Parameters:
    /// - recordings: nil if recording is not available.
    /// - token: the token required in `Authorization: Bearer …`.
    package init(calls: CallRegistry, recordings: RecordingStore?, token: Secret) {
        self.calls = calls
        self.recordings = recordings
        self.token = token
    }

    package var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("v1/calls/:id") { request, context in
            guard allows(request) else { return Self.unauthorized }
            guard let id = context.parameters.get("id"), let call = await calls[id]?.call else {
                return Self.error(.notFound, code: "call_not_found", message: "unknown call ID")
            }
            return Self.json(.ok, value: .object(call.json))
        }
        router.post("v1/calls/:id/recordings") { request, context in
            guard allows(request) else { return Self.unauthorized }
            return try await record(request, id: context.parameters.get("id") ?? "")
        }
        router.get("v1/recordings") { request, _ in
            guard allows(request) else { return Self.unauthorized }
            let list = (recordings?.all ?? []).map(\.json)
            return Self.json(.ok, value: .object(JSONObject([JSONMember("data", .list(list))])))
        }
        router.get("v1/recordings/:id") { request, context in
            guard allows(request) else { return Self.unauthorized }
            guard let id = context.parameters.get("id"), let recording = recordings?[id] else {
                return Self.noRecording
            }
            return Self.json(.ok, value: recording.json)
        }
        router.get("v1/recordings/:id/file") { request, context in
            guard allows(request) else { return Self.unauthorized }
            guard let id = context.parameters.get("id"), let path = recordings?.file(of: id),
                let size = recordings?[id]?.sizeBytes
            else { return Self.noRecording }
            return try await Self.file(path, size: size, asked: request.headers, context: context)
        }
        return router
    }

    private func allows(_ request: Request) -> Bool {
        guard let field = request.headers[.authorization], field.lowercased().hasPrefix("bearer ") else { return false }
        return ConstantTime.equal(String(field.dropFirst(7)), token.value)
    }

    // MARK: The request to record

    private func record(_ request: Request, id: String) async throws -> Response {
        var request = request
        let bytes: [UInt8]
        do { bytes = Array(buffer: try await request.collectBody(upTo: Self.mostBytes)) } catch {
            return Self.error(
                .badRequest, code: "invalid_request", message: "the body has more than \(Self.mostBytes) bytes")
        }
        let action: String
        switch Self.action(bytes) {
        case .success(let word): action = word
        case .failure(let error): return Self.error(.badRequest, error: error)
        }
        guard let teller = calls[id], let call = await teller.call else {
            return Self.error(.notFound, code: "active_call_not_found", message: "no active call has this ID")
        }
        let answer = action == "start" ? await teller.startRecording() : await teller.stopRecording()
        switch answer {
        case .done(let recording):
            let data = JSONObject([
                JSONMember("call_id", .text(id)),
                JSONMember("provider_call_id", call.providerCallID.map { .text($0) } ?? .null),
                JSONMember("action", .text(action)), JSONMember("recording", recording.json),
            ])
            return Self.json(.ok, value: .object(JSONObject([JSONMember("data", .object(data))])))
        case .notActive: return Self.error(.notFound, code: "active_call_not_found", message: "the call is not active")
        case .notStarted:
            return Self.error(.notFound, code: "recording_not_started", message: "the call is not being recorded")
        case .failed(let reason):
            return Self.error(
                .badGateway, code: action == "start" ? "recording_start_failed" : "recording_stop_failed",
                message: reason)
        }
    }

    /// The action in a body; an empty body or object means `start`.
    private static func action(_ bytes: [UInt8]) -> Result<String, PlatformError> {
        guard !bytes.isEmpty else { return .success("start") }
        var findings = Diagnostics()
        guard let value = JSONReader.read(bytes, into: &findings), findings.isEmpty else {
            return .failure(PlatformError(code: "invalid_json", message: "the body is not JSON"))
        }
        guard case .object(let object) = value else {
            return .failure(PlatformError(code: "invalid_request", message: "the body is not a JSON object"))
        }
        guard let action = object["action"] else { return .success("start") }
        guard case .text(let word) = action, word == "start" || word == "stop" else {
            return .failure(PlatformError(code: "invalid_action", message: "action must be start or stop"))
        }
        return .success(word)
    }

    // MARK: Files

    private static func file(
        _ path: String, size: Int, asked: HTTPFields, context: BasicRequestContext
    ) async throws -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "audio/wav"
        headers[.acceptRanges] = "bytes"
        switch ByteRange(asked, size: Int64(size)) {
        case .whole:
            let body = try await FileIO().loadFile(path: path, context: context)
            return Response(status: .ok, headers: headers, body: body)
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
            let bytes = Int(part.lowerBound)...Int(part.upperBound - 1)
            let body = try await FileIO().loadFile(path: path, range: bytes, context: context)
            return Response(status: .partialContent, headers: headers, body: body)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    // MARK: Answers

    private static let unauthorized = error(
        .unauthorized, code: "unauthorized", message: "the bearer token is missing or wrong")
    private static let noRecording = error(
        .notFound, code: "recording_not_found", message: "unknown recording, or not ready")

    private static func error(_ status: HTTPResponse.Status, code: String, message: String) -> Response {
        error(status, error: PlatformError(code: code, message: message))
    }

    private static func error(_ status: HTTPResponse.Status, error: PlatformError) -> Response {
        answer(status, bytes: error.write())
    }

    private static func json(_ status: HTTPResponse.Status, value: JSONValue) -> Response {
        answer(status, bytes: JSONWriter.bytes(of: value))
    }

    private static func answer(_ status: HTTPResponse.Status, bytes: [UInt8]) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
