import SidetoneCallControl
import SidetoneJSON
import Testing

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

    @Test func `a rule that can never match is reported, and so is a star in the middle`() throws {
        let any = try template("a")
        let order = ["+4930*", "+4930111222", "+49*", "+49*222", "+4930*", ""]
        #expect(
            problems { () throws(Diagnostics) in try AnswerRules(order.map { AnswerRule(called: $0, template: any) }) }
                == [
                    "rules[1].called contradiction", "rules[3].called notAllowed", "rules[3].called contradiction",
                    "rules[4].called contradiction", "rules[5].called notAllowed",
                ])
    }
}
