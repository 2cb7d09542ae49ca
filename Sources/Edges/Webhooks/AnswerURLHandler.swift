import SidetoneCallControl
import SidetoneJSON
import SidetoneModel
import SidetoneSignatures

/// Serves documents to answer_url requests.
struct AnswerURLHandler: Sendable {
    private let rules: AnswerRules
    private let values: [String: String]
    private let tokens: CallTokenIssuer?

    /// - Parameters:
    ///   - values: fill the placeholders of every document.
    ///   - tokens: fills each `{{token}}` with a new token; nil if `values` contains the token.
    init(_ rules: AnswerRules, values: [String: String], tokens: CallTokenIssuer? = nil) {
        self.rules = rules
        self.values = values
        self.tokens = tokens
    }

    /// The call of a request. Platforms use different names for its fields, and MiniVoice does not document its
    /// request.
    struct Caller: Sendable, Hashable {
        var call = ""
        var called = ""
        var from = ""
    }

    /// - Parameters:
    ///   - isVerified: whether the request was signed.
    ///   - now: seconds since 1970.
    /// - Returns: the document, and the entry of the answer log.
    func answer(
        _ request: WebhookRequest, isVerified: Bool, now: Double
    ) throws(WebhookError) -> (body: [UInt8], entry: CallLogEntry) {
        let caller = try Self.caller(of: request)
        guard let template = rules.template(forCalled: caller.called) else {
            throw WebhookError(404, "answer_url_error", "no rule answers calls to this number")
        }
        let document: CallDocument
        do throws(Diagnostics) {
            let call = caller.call.isEmpty ? nil : caller.call
            document = try template.document(
                filling: values.merging(["call_id": caller.call, "called": caller.called]) { value, _ in value },
                token: tokens.map { tokens in { tokens.token(forCall: call) } })
        } catch {
            // The documents were validated when they were loaded: a value of the request is invalid.
            throw WebhookError(400, "answer_url_error", error.all.first?.description ?? "invalid action payload")
        }
        var entry = entry(document, method: request.method, caller: caller, at: now)
        entry.isVerified = isVerified
        return (document.write(), entry)
    }

    private func entry(
        _ document: CallDocument, method: WebhookRequest.Method, caller: Caller, at now: Double
    ) -> CallLogEntry {
        var values: [Signal.Entry] = [
            .init("method", .text(method.rawValue)), .init("language", .text(document.language.name)),
        ]
        let steps: [String]
        switch document {
        case .actions(let document):
            steps = document.steps.map(\.name)
        case .swml(let document):
            steps =
                document.sections.first { $0.name == "main" }?.steps.map { step in
                    switch step {
                    case .stream: "stream"
                    case .stopStream: "stop_stream"
                    case .other(let name, _): name
                    }
                } ?? []
        }
        values.append(.init("actions", .text(steps.prefix(50).joined(separator: ", "))))
        for case .startStream(let stream) in document.instructions.prefix(50) {
            values.append(.init("stream_url", .text(WebURL.withoutSecrets(stream.url))))
            values.append(.init("tracks", .text(stream.tracks.text)))
        }
        if !caller.from.isEmpty { values.append(.init("from", .text(caller.from))) }
        if !caller.called.isEmpty { values.append(.init("to", .text(caller.called))) }
        return CallLogEntry(time: now, log: .answer, call: caller.call, event: "actions.served", values: values)
    }

    /// - Throws: if the body cannot be parsed.
    static func caller(of request: WebhookRequest) throws(WebhookError) -> Caller {
        var caller = Caller()
        caller.add(try request.query)
        guard request.method == .post, !request.body.isEmpty else { return caller }
        if request.isForm {
            caller.add(try request.form)
            return caller
        }
        var findings = Diagnostics()
        let value = JSONReader.read(request.body, into: &findings)
        guard case .object(let object)? = value, findings.isEmpty else { throw .malformed(findings) }
        // SWML requests have a `call` object; a plain object is accepted, too.
        if case .object(let call)? = object["call"] { caller.add(call) } else { caller.add(object) }
        return caller
    }
}

extension AnswerURLHandler.Caller {
    mutating func add(_ form: Form) {
        add { name in form[name] }
    }

    mutating func add(_ object: JSONObject) {
        add { name in
            if case .text(let text)? = object[name] { return text }
            return nil
        }
    }

    private mutating func add(_ field: (String) -> String?) {
        func first(_ names: [String]) -> String? { names.lazy.compactMap(field).first { !$0.isEmpty } }
        if call.isEmpty { call = first(["call_id", "id", "CallSid"]) ?? "" }
        if called.isEmpty { called = first(["to_number", "to", "To", "called"]) ?? "" }
        if from.isEmpty { from = first(["from_number", "from", "From"]) ?? "" }
    }
}

extension StreamTracks {
    fileprivate var text: String { "\(self)" }
}
