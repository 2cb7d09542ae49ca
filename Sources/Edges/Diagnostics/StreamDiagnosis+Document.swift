import NIOCore
import SidetoneCallControl
import SidetoneHTTP
import SidetoneJSON
import SidetonePlatforms
import SidetoneWebSocket

/// The first two steps: the `answer_url` answers with a valid document.
extension StreamDiagnosis {
    /// Warning threshold for the response time: the caller hears nothing meanwhile.
    private static let slowMs = 2_000

    /// - Returns: the first stream of the document; nil if it starts none and a URL is set.
    func read(_ document: Document, walk: inout DiagnosisContext) async throws(DiagnosisContext.Broken) -> ProbedStream?
    {
        let bytes: [UInt8]
        var callID: String?
        switch document {
        case .bytes(let given): bytes = given
        case .answerURL(let url):
            let ids = ProbeIDs(options.platform ?? PlatformCatalog.standard)
            let request = request(url, ids: ids)
            if !request.body.isEmpty { callID = ids.call }
            bytes = try await fetch(request, walk: &walk)
        }
        let read: CallDocument
        do throws(Diagnostics) { read = try CallDocument.read(bytes) } catch {
            walk.record(error)
            let count = error.all.count + error.omitted
            throw walk.broken(
                .actions,
                detail: "\(PlatformError.answerURL.message): \(count) \(count == 1 ? "problem" : "problems"); "
                    + (error.all.first.map { "\($0.path.isEmpty ? "the document" : "\($0.path)") \($0.wrong)" }
                        ?? ""),
                advice: error.all.first?.advice ?? "")
        }
        let streams = read.instructions.compactMap { instruction -> StreamRequest? in
            guard case .startStream(let request) = instruction else { return nil }
            return request
        }
        let count = read.instructions.count
        let summary = "\(read.language.title), \(count) \(count == 1 ? "step" : "steps")"
        guard let first = streams.first else {
            guard options.streamURL == nil else {
                walk.warn(.actions, detail: "\(summary), none of which starts a stream", advice: "add start_stream")
                return nil
            }
            throw walk.broken(
                .actions, detail: "\(summary), none of which starts a stream",
                advice: "add start_stream with the receiver's stream_url, or set --url")
        }
        walk.pass(
            .actions,
            detail: "\(summary); "
                + (streams.count == 1 ? "starts a stream" : "starts \(streams.count) streams; the first one is checked")
        )
        return ProbedStream(
            url: first.url, token: first.bearerToken, callID: callID, customParameters: first.customParameters,
            platform: PlatformCatalog.platform(of: read.language) ?? PlatformCatalog.standard)
    }

    func request(_ url: String, ids: ProbeIDs) -> WebRequest {
        let platform = options.platform ?? PlatformCatalog.standard
        let method = options.answerMethod ?? platform.documents.method
        guard method == .post else { return WebRequest(method.rawValue, url) }
        let call = WebhookCall(id: ids.call, status: "dialing", direction: .inbound, applicationID: ids.account)
        return WebRequest(
            method.rawValue, url, headers: [("Content-Type", "application/json")],
            body: platform.documentRequest(for: call, variables: [:]))
    }

    private func fetch(_ request: WebRequest, walk: inout DiagnosisContext) async throws(DiagnosisContext.Broken)
        -> [UInt8]
    {
        var limits = WebLimits()
        limits.seconds = Double(deadlines.answer.nanoseconds) / 1e9
        limits.answerBytes = DocumentLimits.standard.bytes
        // The user typed this address; addresses in its answer are checked.
        let gate = AddressGuard(allowsLoopback: true, allowsPrivate: true)
        let client = GuardedHTTPClient(
            gate: gate, limits: limits, tls: TLS.clientConfiguration(options.trust), group: group)
        let started = ContinuousClock.now
        let result: Result<WebAnswer, WebError>
        do throws(WebError) { result = .success(try await client.send(request)) } catch {
            result = .failure(error)
        }
        await client.close()
        let answer: WebAnswer
        switch result {
        case .failure(let error): throw walk.broken(.answer, detail: error.detail, advice: AnswerAdvice.advice(error))
        case .success(let given): answer = given
        }
        let taken = (ContinuousClock.now - started) / .milliseconds(1)
        if let problem = AnswerAdvice.problem(answer) {
            throw walk.broken(.answer, detail: problem.detail, advice: problem.advice)
        }
        let detail = "\(answer.status), \(answer.body.count) bytes in \(Int(taken)) ms"
        if Int(taken) > Self.slowMs {
            walk.warn(
                .answer, detail: detail, advice: "answer within \(Self.slowMs) ms: the caller hears nothing meanwhile")
        } else if answer[header: "Content-Type"]?.contains("json") != true {
            walk.warn(
                .answer, detail: "\(detail), Content-Type is not JSON",
                advice: "answer with Content-Type: application/json")
        } else {
            walk.pass(.answer, detail: detail)
        }
        return answer.body
    }
}

/// The problem of an `answer_url`'s response, with advice.
enum AnswerAdvice {
    static func problem(_ answer: WebAnswer) -> (detail: String, advice: String)? {
        guard !answer.isSuccess else {
            return answer.body.isEmpty
                ? ("answered \(answer.status) with an empty body", "answer with the actions as JSON") : nil
        }
        let advice =
            switch answer.status {
            case 300..<400: "use the redirect's target: following redirects here is not documented by any platform"
            case 401, 403: "allow unauthenticated requests: the platform's requests carry no credentials"
            case 404: "compare the URL's path with the routes of your application"
            case 405: "answer both GET and POST at this path: the method is not documented"
            case 500...: "check your application's log for this request"
            default: "answer 200 with the actions as JSON"
            }
        return ("answered \(answer.status)", advice)
    }

    static func advice(_ error: WebError) -> String {
        switch error.code {
        case .badURL, .refused: "write the address as https://host/path"
        case .unresolved: "check that the name is in the public DNS, and its spelling"
        case .cannotConnect: "start your application, and check the port and the certificate"
        case .timedOut: "answer immediately, and do slow work afterwards"
        case .tooLarge: "return fewer actions; `redirect` can load the rest"
        case .failed: "check your application's log for this request"
        }
    }
}
