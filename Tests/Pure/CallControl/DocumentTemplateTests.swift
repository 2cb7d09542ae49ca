import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct DocumentTemplateTests {
    private let text =
        #"{"actions":[{"start_stream":{"stream_url":"{{stream_url}}"}},{"say":{"text":"Hi {{ name }}!"}}]}"#

    @Test func `placeholders are filled wherever they stand in a text`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        let document = try template.document(filling: ["stream_url": "wss://rx.example.org", "name": "Ada"])
        #expect(
            document.instructions == [
                .startStream(StreamRequest(url: "wss://rx.example.org", tracks: .inbound)), .say(text: "Hi Ada!"),
            ])
    }

    @Test func `a filling cannot break out of its text, and is not searched for placeholders`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        let hostile = "\"}},{\"hold\":{}},{{stream_url}} \\ \n"
        let document = try template.document(filling: ["stream_url": "wss://rx.example.org", "name": hostile])
        #expect(document.instructions.last == .say(text: "Hi \(hostile)!"))
        #expect(try CallDocument.read(document.write()) == document)
    }

    @Test func `a filled document is checked as any other`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        #expect(
            problems { () throws(Diagnostics) in
                try template.document(filling: ["stream_url": "https://rx.example.org", "name": "Ada"])
            } == ["actions[0].start_stream.stream_url notAllowed"])
    }

    @Test func `every placeholder without a value is reported, with the closest match`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        let findings = try #require(throws: Diagnostics.self) {
            try template.document(filling: ["stream_uri": "wss://rx.example.org"])
        }
        #expect(findings.all.map(\.path.description) == ["actions[0].start_stream.stream_url", "actions[1].say.text"])
        #expect(findings.all.first?.remedy == "did you mean {{stream_uri}}?")
    }

    @Test func `a brace that opens no placeholder stays`() throws {
        let text = #"{"actions":[{"say":{"text":"a {{ b } {c} {{"}}]}"#
        let template = try DocumentTemplate(Array(text.utf8))
        #expect(try template.document(filling: [:]).instructions == [.say(text: "a {{ b } {c} {{")])
    }

    @Test func `a template that is not JSON is rejected when it is created`() {
        #expect(
            problems { () throws(Diagnostics) in try DocumentTemplate(Array("{{stream_url}}".utf8)) } == [" malformed"])
    }

    @Test(
        arguments: [
            (#"{"a":{"authorization_bearer_token":"{{token}}"}}"#, []),
            (#"{"a":{"authorization_bearer_token":"s3cret"}}"#, ["a.authorization_bearer_token notAllowed"]),
            (#"{"a":{"authorization_bearer_token":""}}"#, []),
            (#"{"a":{"authorization_bearer_token":"%{vars.token}"}}"#, []),
            (#"{"a":[{"custom_parameters":{"apiKey":"k","tier":"b"}}]}"#, ["a[0].custom_parameters.apiKey notAllowed"]),
            (#"{"a":{"auth_password":"p","max_tokens":5}}"#, ["a.auth_password notAllowed"]),
            (#"{"a":{"stream_url":"wss://rx.example.org/m?token=x&a=b"}}"#, ["a.stream_url notAllowed"]),
            (#"{"a":{"status_url":"https://u:p@hooks.example.org/"}}"#, ["a.status_url notAllowed"]),
            (#"{"a":{"stream_url":"wss://rx.example.org/m?token={{token}}&call={{call_id}}"}}"#, []),
            (#"{"a":{"stream_url":"{{stream_url}}/{{token}}","finish_on_key":"*"}}"#, []),
        ] as [(String, [String])])
    func `secrets that are the same for every call are found`(_ text: String, expected: [String]) throws {
        let found = try DocumentTemplate(Array(text.utf8)).staticSecrets
        #expect(found.all.map { "\($0.path) \($0.code.rawValue)" } == expected)
        #expect(!found.description.contains("s3cret"))
    }
}
