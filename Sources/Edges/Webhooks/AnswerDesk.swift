import SidetoneCallControl
import SidetoneModel

/// Serves documents to answer_url requests.
struct AnswerDesk: Sendable {
    private let rules: AnswerRules
    private let values: [String: String]

    /// - Parameter values: fill the placeholders of every document.
    init(_ rules: AnswerRules, values: [String: String]) {
        self.rules = rules
        self.values = values
    }

    /// What a request says of its call, wherever it says it: the platforms differ, and MiniVoice does not say how it asks.
    struct Caller: Sendable, Hashable {
        var call = ""
        var called = ""
        var from = ""
    }

    /// - Parameter now: seconds since 1970.
    /// - Returns: the document, and the line of the answer log.
    func answer(_ request: WebhookRequest, now: Double) throws(WebhookRefusal) -> (body: [UInt8], entry: CallLogEntry) {
        let caller = try Self.caller(of: request)
        guard let template = rules.template(forCalled: caller.called) else {
            throw WebhookRefusal(404, "answer_url_error", "no rule answers calls to this number")
        }
        let document: CallDocument
        do throws(Findings) {
            document = try template.document(
                filling: values.merging(["call_id": caller.call, "called": caller.called]) { value, _ in value })
        } catch {
            // The documents were checked when they were read: what the request filled in does not fit.
            throw WebhookRefusal(400, "answer_url_error", error.all.first?.description ?? "invalid action payload")
        }
        return (document.write(), entry(document, request.method, caller, now))
    }

    private func entry(
        _ document: CallDocument, _ method: WebhookRequest.Method, _ caller: Caller, _ now: Double
    ) -> CallLogEntry {
        var values: [Signal.Entry] = [.init("method", .text(method.rawValue))]
        let steps: [String]
        switch document {
        case .miniVoice(let document):
            values.append(.init("language", .text("minivoice")))
            steps = document.steps.map(\.name)
        case .swml(let document):
            values.append(.init("language", .text("swml")))
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
            // The query may hold a token.
            values.append(.init("stream_url", .text(String(stream.url.prefix { $0 != "?" }))))
            values.append(.init("tracks", .text(stream.tracks.text)))
        }
        if !caller.from.isEmpty { values.append(.init("from", .text(caller.from))) }
        if !caller.called.isEmpty { values.append(.init("to", .text(caller.called))) }
        return CallLogEntry(time: now, log: .answer, call: caller.call, event: "actions.served", values: values)
    }

    /// - Throws: when the body says nothing that can be read.
    static func caller(of request: WebhookRequest) throws(WebhookRefusal) -> Caller {
        var caller = Caller()
        caller.add(try request.query)
        guard request.method == .post, !request.body.isEmpty else { return caller }
        if request.isForm {
            caller.add(try request.form)
            return caller
        }
        var findings = Findings()
        let value = JSONReader.read(request.body, into: &findings)
        guard case .object(let object)? = value, findings.isEmpty else { throw .malformed(findings) }
        // SWML asks with `call`; a plain object is as good.
        if case .object(let call)? = object["call"] { caller.add(call) } else { caller.add(object) }
        return caller
    }
}

extension AnswerDesk.Caller {
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
