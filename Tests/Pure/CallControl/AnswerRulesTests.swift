import SidetoneCallControl
import Testing

@Suite struct DocumentTemplateTests {
    private let text =
        #"{"actions":[{"start_stream":{"stream_url":"{{stream_url}}"}},{"say":{"text":"Hi {{ name }}!"}}]}"#

    @Test func `gaps are filled wherever they stand in a text`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        let document = try template.document(filling: ["stream_url": "wss://rx.example.org", "name": "Ada"])
        #expect(
            document.instructions == [
                .startStream(StreamRequest(url: "wss://rx.example.org", tracks: .inbound)), .say(text: "Hi Ada!"),
            ])
    }

    @Test func `a filling cannot break out of its text, and is not searched for gaps`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        let hostile = "\"}},{\"hold\":{}},{{stream_url}} \\ \n"
        let document = try template.document(filling: ["stream_url": "wss://rx.example.org", "name": hostile])
        #expect(document.instructions.last == .say(text: "Hi \(hostile)!"))
        #expect(try CallDocument.read(document.write()) == document)
    }

    @Test func `a filled document is checked as any other`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        #expect(
            problems { () throws(Findings) in
                try template.document(filling: ["stream_url": "https://rx.example.org", "name": "Ada"])
            } == ["actions[0].start_stream.stream_url notAllowed"])
    }

    @Test func `every gap without a value is told, with the nearest that has one`() throws {
        let template = try DocumentTemplate(Array(text.utf8))
        let findings = try #require(throws: Findings.self) {
            try template.document(filling: ["stream_uri": "wss://rx.example.org"])
        }
        #expect(findings.all.map(\.path.description) == ["actions[0].start_stream.stream_url", "actions[1].say.text"])
        #expect(findings.all.first?.remedy == "did you mean {{stream_uri}}?")
    }

    @Test func `a brace that opens no gap stays`() throws {
        let text = #"{"actions":[{"say":{"text":"a {{ b } {c} {{"}}]}"#
        let template = try DocumentTemplate(Array(text.utf8))
        #expect(try template.document(filling: [:]).instructions == [.say(text: "a {{ b } {c} {{")])
    }

    @Test func `a template that is no JSON is refused when it is made`() {
        #expect(
            problems { () throws(Findings) in try DocumentTemplate(Array("{{stream_url}}".utf8)) } == [" malformed"])
    }
}

@Suite struct AnswerRulesTests {
    private func template(_ text: String) throws -> DocumentTemplate {
        try DocumentTemplate(Array("{\"actions\":[{\"say\":{\"text\":\"\(text)\"}}]}".utf8))
    }

    @Test func `the first rule that matches answers`() throws {
        let rules = try AnswerRules([
            AnswerRule(called: "+4930111222", template: template("desk")),
            AnswerRule(called: "+4930*", template: template("Berlin")),
            AnswerRule(called: "*", template: template("anyone")),
        ])
        func answer(_ number: String) throws -> [CallInstruction]? {
            try rules.template(forCalled: number)?.document(filling: [:]).instructions
        }
        #expect(try answer("+4930111222") == [.say(text: "desk")])
        #expect(try answer("+4930111223") == [.say(text: "Berlin")])
        #expect(try answer("sip:a@b.example.org") == [.say(text: "anyone")])
        #expect(try AnswerRules([]).template(forCalled: "+4930111222") == nil)
    }

    @Test func `a rule that can never answer is told, and so is a star in the middle`() throws {
        let any = try template("a")
        let order = ["+4930*", "+4930111222", "+49*", "+49*222", "+4930*", ""]
        #expect(
            problems { () throws(Findings) in try AnswerRules(order.map { AnswerRule(called: $0, template: any) }) }
                == [
                    "rules[1].called contradiction", "rules[3].called notAllowed", "rules[3].called contradiction",
                    "rules[4].called contradiction", "rules[5].called notAllowed",
                ])
    }
}
