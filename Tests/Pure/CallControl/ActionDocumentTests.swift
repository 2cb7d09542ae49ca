import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct ActionDocumentTests {
    @Test func `an https stream URL and the track speaker give exactly two findings with what is allowed`() throws {
        let text = #"{"actions":[{"start_stream":{"stream_url":"https://rx.example.org/in","track":"speaker"}}]}"#
        let findings = try #require(throws: Diagnostics.self) { try ActionDocument.read(Array(text.utf8)) }
        #expect(
            findings.all == [
                Diagnostic(
                    .notAllowed,
                    at: JSONPath([.member("actions"), .item(0), .member("start_stream"), .member("stream_url")]),
                    wrong: "has the scheme \"https\"", allowed: "a wss:// URL",
                    remedy: "serve the stream over TLS and write wss://…"),
                Diagnostic(
                    .notAllowed,
                    at: JSONPath([.member("actions"), .item(0), .member("start_stream"), .member("track")]),
                    wrong: "is \"speaker\"", allowed: "one of inbound, outbound, both", remedy: "choose one of them"),
            ])
        #expect(
            findings.all.last?.description
                == #"actions[0].start_stream.track is "speaker"; expected one of inbound, outbound, both: "#
                + "choose one of them [notAllowed]")
    }

    @Test func `keyed and typed actions may be mixed and keep their form and order`() throws {
        let text =
            #"{"actions":[{"start_stream":{"stream_url":"wss://rx.example.org/mv","track":"inbound"}},"#
            + #"{"type":"stop_stream","stream_url":"wss://rx.example.org/mv"},{"hold":{}},{"type":"resume"}]}"#
        let document = try ActionDocument.read(Array(text.utf8))
        #expect(document.steps.map(\.form) == [.keyed, .typed, .keyed, .typed])
        #expect(
            document.instructions == [
                .startStream(StreamRequest(url: "wss://rx.example.org/mv", tracks: .inbound)),
                .stopStream(.matching(url: "wss://rx.example.org/mv", tracks: nil)), .hold, .resume,
            ])
        #expect(String(decoding: document.write(), as: UTF8.self) == text)
    }

    @Test func `every problem is reported at once, in document order`() {
        let text =
            #"{"actions":[{"say":{}},{"type":"mute","direction":"up"},{"hold":{},"resume":{}},7,{"start_strem":{}}],"x":1}"#
        #expect(
            problems(ofActions: text) == [
                "x unknownKey", "actions[0].say.text missing", "actions[1].direction notAllowed",
                "actions[2] ambiguousAction", "actions[3] wrongType", "actions[4].start_strem unknownAction",
            ])
    }

    @Test(
        arguments: [
            ("", [" malformed"]), ("[]", [" wrongType"]), ("null", [" wrongType"]), ("{}", ["actions missing"]),
            (#"{"actions":{}}"#, ["actions wrongType"]), (#"{"actions":[]}"#, []),
            (#"{"action":[]}"#, ["actions missing", "action unknownKey"]),
            (#"{"actions":[{}]}"#, ["actions[0] ambiguousAction"]),
            (#"{"actions":["hold"]}"#, ["actions[0] wrongType"]),
            (#"{"actions":[null]}"#, ["actions[0] wrongType"]),
            (#"{"actions":[{"hold":null}]}"#, ["actions[0].hold wrongType"]),
            (#"{"actions":[{"type":3}]}"#, ["actions[0].type wrongType"]),
            (#"{"actions":[{"type":"set_variable","name":"a"}]}"#, ["actions[0].type unknownAction"]),
            (#"{"actions":[{"hold":{"for":3}}]}"#, ["actions[0].hold.for unknownKey"]),
            (#"{"actions":[{"hold":{"type":"hold"}}]}"#, []),
            (#"{"actions":[{"hold":{"type":"mute"}}]}"#, ["actions[0].hold.type contradiction"]),
            (
                #"{"actions":[{"say":{"text":"a"},"hold":{"x":1}}]}"#,
                ["actions[0] ambiguousAction", "actions[0].hold.x unknownKey"]
            ),
            (#"{"actions":[{"say":{"text":"a","text":"b"}}]}"#, ["actions[0].say.text duplicateKey"]),
        ] as [(String, [String])])
    func `an invalid envelope is reported by its path`(_ text: String, expected: [String]) {
        #expect(problems(ofActions: text) == expected)
    }

    @Test func `an unknown action names the nearest one, and a variable action its trouble`() throws {
        func remedy(_ text: String) throws -> String? {
            try #require(throws: Diagnostics.self) { try ActionDocument.read(Array(text.utf8)) }.all.first?.remedy
        }
        #expect(try remedy(#"{"actions":[{"start_strem":{}}]}"#) == "did you mean \"start_stream\"?")
        #expect(try remedy(#"{"actions":[{"type":"Say","text":"a"}]}"#) == "did you mean \"say\"?")
        #expect(
            try remedy(#"{"actions":[{"set_variable":{}}]}"#)
                == "remove it; the platform publishes no action that sets variables")
        #expect(
            try remedy(#"{"actions":[{"start_stream":{"stream_url":"wss://a.example.org","url":"x"}}]}"#)
                == "did you mean \"stream_url\"?")
        #expect(
            try remedy(#"{"actions":[{"stop_stream":{"track":"inbound_track"}}]}"#) == "did you mean \"inbound\"?")
    }

    @Test func `a thousand actions are read and one more is refused`() {
        func document(_ count: Int) -> String {
            "{\"actions\":[" + Array(repeating: "{\"hold\":{}}", count: count).joined(separator: ",") + "]}"
        }
        #expect(problems(ofActions: document(1_000)) == [])
        #expect(problems(ofActions: document(1_001)) == ["actions tooLarge"])
    }

    @Test func `no finding repeats a text, digits, a number or a token`() {
        let secret = "4711secret"
        let texts = [
            #"{"actions":[{"send_digits":{"digits":"4711secret"}},{"transfer":{"destination":"4711secret"}}]}"#,
            #"{"actions":[{"start_stream":{"stream_url":"https://a:4711secret@b/4711secret","track":"both"}}]}"#,
            #"{"actions":[{"redirect":{"url":"4711secret"}},{"gather":{"finish_on_key":"4711secret"}}]}"#,
        ]
        for text in texts {
            let findings = #expect(throws: Diagnostics.self) { try ActionDocument.read(Array(text.utf8)) }
            #expect(findings?.description.contains(secret) == false)
        }
    }
}
