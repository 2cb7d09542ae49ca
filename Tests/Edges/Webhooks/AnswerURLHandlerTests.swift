import SidetoneCallControl
import SidetoneModel
import SidetoneSignatures
import Testing

@testable import SidetoneWebhooks

@Suite struct AnswerURLHandlerTests {
    private func answers() throws -> AnswerURLHandler {
        let actions = try DocumentTemplate(
            Array(
                #"{"actions":[{"start_stream":{"stream_url":"{{stream_url}}?call={{call_id}}","track":"both"}},{"say":{"text":"Good morning."}}]}"#
                    .utf8))
        let swml = try DocumentTemplate(
            Array(
                #"{"version":"1.0.0","sections":{"main":[{"answer":{}},{"stream":{"url":"{{stream_url}}","track":"both_tracks","authorization_bearer_token":"{{token}}"}}]}}"#
                    .utf8))
        return AnswerURLHandler(
            try AnswerRules([
                AnswerRule(called: "+4930111223", template: swml), AnswerRule(called: "+49*", template: actions),
            ]), values: ["stream_url": "wss://rx.example.org/media", "token": "demo-token"])
    }

    private func get(_ query: String) -> WebhookRequest {
        WebhookRequest(method: .get, target: "/answer?" + query, headers: [:], body: [])
    }

    private func post(_ body: String, type: String? = nil) -> WebhookRequest {
        WebhookRequest(
            method: .post, target: "/answer", headers: type.map { ["content-type": $0] } ?? [:],
            body: Array(body.utf8))
    }

    @Test func `the called number chooses the document, and its placeholders are filled`() throws {
        let (body, entry) = try answers().answer(
            get("call_id=call_1&to=%2B4930111222&from=%2B4930111224"), isVerified: true, now: 5)
        guard case .actions(let document) = try CallDocument.read(body),
            case .startStream(let stream)? = document.instructions.first
        else {
            Issue.record("no action document that starts a stream")
            return
        }
        #expect(stream.url == "wss://rx.example.org/media?call=call_1")
        #expect(entry.event == "actions.served" && entry.log == .answer && entry.call == "call_1" && entry.time == 5)
        #expect(entry.text("actions") == "start_stream, say" && entry.text("language") == "minivoice")
        #expect(entry.text("stream_url") == "wss://rx.example.org/media")
        #expect(entry.text("from") == "+4930111224" && entry.text("to") == "+4930111222")
    }

    @Test func `SWML requests have a call object, and their token is in no log`() throws {
        let request = post(
            #"{"call":{"call_id":"c-1","to":"+4930111223","from":"+4930111222"},"vars":{},"envs":{},"params":{}}"#)
        let (body, entry) = try answers().answer(request, isVerified: true, now: 0)
        #expect(String(decoding: body, as: UTF8.self).contains("demo-token"))
        #expect(entry.call == "c-1" && entry.text("language") == "swml")
        #expect(!"\(entry)".contains("demo-token"))
    }

    @Test(arguments: [
        "CallSid=CA1&To=%2B4930111222", "call_id=CA1&called=%2B4930111222", "id=CA1&to_number=%2B4930111222",
    ])
    func `a form is accepted, by POST or by GET`(form: String) throws {
        #expect(try answers().answer(get(form), isVerified: true, now: 0).entry.call == "CA1")
        #expect(try answers().answer(post(form), isVerified: true, now: 0).entry.call == "CA1")
        #expect(
            try answers().answer(post(form, type: "application/x-www-form-urlencoded"), isVerified: true, now: 0).entry
                .call == "CA1")
    }

    @Test(arguments: [
        ("to=%2B33123456789", 404), ("", 404), ("to=%zz", 400),
    ])
    func `a number without rule and an invalid query get the platform's error`(
        query: String, expected: Int
    ) throws {
        let answers = try answers()
        let error = #expect(throws: WebhookError.self) { try answers.answer(get(query), isVerified: true, now: 0) }
        #expect(error?.status == expected)
        let body = error.map { String(decoding: $0.error.write(), as: UTF8.self) }
        #expect(body?.hasPrefix(#"{"error":{"code":""#) == true)
    }

    @Test func `each stream of a document gets a different token for this call, and no log contains one`() throws {
        let key = CallTokenKey()
        let template = try DocumentTemplate(
            Array(
                #"{"actions":[{"start_stream":{"stream_url":"{{stream_url}}/{{token}}","track":"inbound"}},{"start_stream":{"stream_url":"{{stream_url}}/{{token}}","track":"outbound"}}]}"#
                    .utf8))
        let answers = AnswerURLHandler(
            try AnswerRules([AnswerRule(called: "*", template: template)]),
            values: ["stream_url": "wss://rx.example.org/media"],
            tokens: CallTokenIssuer(key: key, lifetimeS: 300) { 1_000 })
        let (body, entry) = try answers.answer(get("call_id=call_1"), isVerified: false, now: 0)
        guard case .actions(let document) = try CallDocument.read(body) else {
            Issue.record("no action document")
            return
        }
        let tokens = document.instructions.compactMap { instruction -> String? in
            guard case .startStream(let stream) = instruction else { return nil }
            return stream.url.split(separator: "/").last.map(String.init)
        }
        #expect(Set(tokens).count == 2)
        for token in tokens {
            let verified = try key.verify(token, now: 1_299, maxLifetimeS: 300)
            #expect(verified.call?.matches(call: "call_1") == true && verified.expiresAt == 1_300)
            #expect(!"\(entry)".contains(token))
        }
        #expect(entry.text("stream_url") == "wss://rx.example.org/media/…")
        #expect(!entry.isVerified)
    }

    @Test func `a body that is not JSON is malformed`() throws {
        let answers = try answers()
        let error = #expect(throws: WebhookError.self) {
            try answers.answer(post("{\"call\":", type: "application/json"), isVerified: true, now: 0)
        }
        #expect(error?.status == 400)
    }

    @Test func `a placeholder value cannot break out of its string`() throws {
        let template = try DocumentTemplate(Array(#"{"actions":[{"say":{"text":"{{call_id}}"}}]}"#.utf8))
        let answers = AnswerURLHandler(try AnswerRules([AnswerRule(called: "*", template: template)]), values: [:])
        let (body, _) = try answers.answer(get("call_id=a%22%7D%5D"), isVerified: true, now: 0)
        guard case .actions(let document) = try CallDocument.read(body) else {
            Issue.record("no action document")
            return
        }
        #expect(document.instructions == [.say(text: #"a"}]"#)])
    }

    @Test func `a placeholder value that invalidates the document is an error of the request`() throws {
        let answers = try answers()
        let error = #expect(throws: WebhookError.self) {
            try answers.answer(get("call_id=a%22%20b&to=%2B4930111222"), isVerified: true, now: 0)
        }
        #expect(error?.status == 400)
    }

    @Test func `a signature must be valid if present, and may be required`() {
        #expect(throws: Never.self) { _ = try verifier().checkAnswer(get("to=1"), now: sentAt) }
        let strict = verifier { $0.answerSignature = "required" }
        #expect(throws: WebhookError.self) { try strict.checkAnswer(get("to=1"), now: sentAt) }
        #expect(throws: Never.self) { try strict.checkAnswer(signed(), now: sentAt) }
        var forged = signed()
        forged.body = []
        #expect(throws: WebhookError.self) { try verifier().checkAnswer(forged, now: sentAt) }
    }
}
