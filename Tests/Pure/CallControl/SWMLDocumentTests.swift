import SidetoneCallControl
import SidetoneJSON
import Testing

@Suite struct SWMLDocumentTests {
    private func main(_ steps: String) -> String { "{\"version\":\"1.0.0\",\"sections\":{\"main\":[\(steps)]}}" }

    @Test func `a stream is read with all it says and lowered to the same request as MiniVoice's`() throws {
        let text = main(
            #"{"stream":{"url":"wss://rx.example.org/sw","control_id":"a","name":"n","track":"both_tracks","codec":"OPUS","#
                + #""status_url":"https://hooks.example.org/s","status_url_method":"GET","#
                + #""authorization_bearer_token":"t0k","custom_parameters":{"tier":"b"}}}"#)
        let document = try SWMLDocument.read(Array(text.utf8))
        #expect(
            document.instructions == [
                .startStream(
                    StreamRequest(
                        url: "wss://rx.example.org/sw", tracks: .both, controlID: "a", name: "n", codec: "OPUS",
                        statusURL: "https://hooks.example.org/s", statusMethod: .get, bearerToken: Secret("t0k"),
                        customParameters: ["tier": "b"]))
            ])
        #expect(String(decoding: document.write(), as: UTF8.self) == text)
    }

    @Test func `the track is what the caller says, and status goes by POST, where nothing is said`() throws {
        let text = main(#"{"stream":{"url":"wss://rx.example.org"}}"#)
        #expect(
            try SWMLDocument.read(Array(text.utf8)).instructions == [
                .startStream(StreamRequest(url: "wss://rx.example.org", tracks: .inbound, statusMethod: .post))
            ])
    }

    @Test(
        arguments: [
            (#"{"teleport":{}}"#, ["sections.main[0].teleport unknownAction"]),
            (#"{"strem":{"url":"wss://a"}}"#, ["sections.main[0].strem unknownAction"]),
            (#"{"Answer":{}}"#, ["sections.main[0].Answer unknownAction"]),
            (
                #"{"cond":[{"when":"a","then":[{"answr":{}}],"else":[{"stream":{}}]},{"else":[{"hangup":{}}]}]}"#,
                [
                    "sections.main[0].cond[0].then[0].answr unknownAction",
                    "sections.main[0].cond[0].else[0].stream.url missing",
                ]
            ),
            (
                #"{"switch":{"variable":"v","case":{"1":[{"plya":{}}]},"default":[{"hangup":{}},{"x":1}]}}"#,
                [
                    "sections.main[0].switch.case.1[0].plya unknownAction",
                    "sections.main[0].switch.default[1].x unknownAction",
                ]
            ),
            (
                #"{"execute":{"dest":"s","on_return":[{"no":{}}]}}"#,
                ["sections.main[0].execute.on_return[0].no unknownAction"]
            ),
            (
                #"{"connect":{"to":"+1","result":{"case":{"a":[{"no":{}}]}}}}"#,
                ["sections.main[0].connect.result.case.a[0].no unknownAction"]
            ),
            (
                #"{"transfer":{"dest":"s","result":[{"when":"a","then":[{"no":{}}]}]}}"#,
                ["sections.main[0].transfer.result[0].then[0].no unknownAction"]
            ),
            (#"{"cond":{}},{"switch":[]},{"execute":"s"},{"set":{"result":"x","teleport":{}}}"#, []),
        ] as [(String, [String])])
    func `a method that SignalWire does not publish is a finding, wherever it is`(_ steps: String, expected: [String]) {
        #expect(problems(ofSWML: main(steps)) == expected)
    }

    @Test func `a misspelt method's finding names the right one`() throws {
        let findings = #expect(throws: Diagnostics.self) { try SWMLDocument.read(Array(main(#"{"answr":{}}"#).utf8)) }
        #expect(findings?.all.first?.remedy == "did you mean \"answer\"?")
    }

    @Test func `other methods are kept as they stand`() throws {
        let text = main(#"{"answer":{"max_duration":14400}},{"label":"again"},{"play":{"url":"say:${vars.name}"}}"#)
        let document = try SWMLDocument.read(Array(text.utf8))
        #expect(document.instructions.count == 3)
        #expect(String(decoding: document.write(), as: UTF8.self) == text)
    }

    @Test(
        arguments: [
            (
                #"{"stream":{"url":"https://a","track":"inbound"}}"#,
                ["stream.url notAllowed", "stream.track notAllowed"]
            ),
            (#"{"stream":{}}"#, ["stream.url missing"]),
            (#"{"stream":{"url":"wss://a","extra":1}}"#, ["stream.extra unknownKey"]),
            (#"{"stream":{"url":"wss://a","status_url":"wss://b"}}"#, ["stream.status_url notAllowed"]),
            (#"{"stream":{"url":"wss://a","status_url_method":"post"}}"#, ["stream.status_url_method notAllowed"]),
            (#"{"stream":{"url":"wss://a","custom_parameters":{"a":1}}}"#, ["stream.custom_parameters.a wrongType"]),
            (#"{"stream":{"url":"wss://a","custom_parameters":[]}}"#, ["stream.custom_parameters wrongType"]),
            (
                #"{"stream":{"url":"wss://a","authorization_bearer_token":"a\r\nX: b"}}"#,
                ["stream.authorization_bearer_token notAllowed"]
            ),
            (#"{"stream":{"url":"%{vars.url}"}}"#, []), (#"{"stream":{"url":"wss://${host}/%{call.call_id}"}}"#, []),
            (#"{"stream":{"url":"https://${host}/"}}"#, ["stream.url notAllowed"]),
            (#"{"stream":{"url":"wss://a","status_url":"wss://${host}"}}"#, ["stream.status_url notAllowed"]),
            (
                #"{"stream":{"url":"wss://a","authorization_bearer_token":"a\r\nX: ${b}"}}"#,
                ["stream.authorization_bearer_token notAllowed"]
            ),
            (#"{"stop_stream":{"id":"a"}}"#, ["stop_stream.id unknownKey"]), (#"{"stop_stream":{}}"#, []),
            (#"{"stop_stream":null}"#, ["stop_stream wrongType"]),
        ] as [(String, [String])])
    func `each property of the stream methods is held to its rule`(_ step: String, expected: [String]) {
        #expect(problems(ofSWML: main(step)) == expected.map { "sections.main[0].\($0)" })
    }

    @Test func `a control id that is a variable is known only in the call`() {
        let start = #"{"stream":{"url":"wss://a","control_id":"${vars.id}"}}"#
        #expect(problems(ofSWML: main("\(start),\(start)")) == [])
    }

    @Test func `a control id may be used again only after its stream stopped`() {
        let start = #"{"stream":{"url":"wss://a","control_id":"x"}}"#
        #expect(problems(ofSWML: main("\(start),\(start)")) == ["sections.main[1].stream.control_id notAllowed"])
        #expect(problems(ofSWML: main(#"\#(start),{"stop_stream":{"control_id":"x"}},\#(start)"#)) == [])
        #expect(problems(ofSWML: main(#"\#(start),{"stop_stream":{}},\#(start)"#)) == [])
    }

    @Test(arguments: [
        ("[]", [" wrongType"]), ("{}", ["sections missing"]), (#"{"sections":{}}"#, ["sections.main missing"]),
        (#"{"sections":{"main":{}}}"#, ["sections.main wrongType"]),
        (#"{"sections":{"main":["hangup"]}}"#, ["sections.main[0] wrongType"]),
        (#"{"sections":{"main":[{}]}}"#, ["sections.main[0] ambiguousAction"]),
        (#"{"sections":{"main":[{"a":1,"b":2}]}}"#, ["sections.main[0] ambiguousAction"]),
        (#"{"version":"2","sections":{"main":[]}}"#, ["version notAllowed"]),
        (#"{"sections":{"main":[],"x":[{"stream":{}}]},"y":1}"#, ["y unknownKey", "sections.x[0].stream.url missing"]),
    ])
    func `an invalid envelope is reported by its path`(_ text: String, expected: [String]) {
        #expect(problems(ofSWML: text) == expected)
    }

    @Test func `either language is known by its envelope`() throws {
        guard case .swml = try CallDocument.read(Array(main("").utf8)) else { return #expect(Bool(false)) }
        guard case .actions = try CallDocument.read(Array(#"{"actions":[]}"#.utf8)) else {
            return #expect(Bool(false))
        }
        #expect(problems { () throws(Diagnostics) in try CallDocument.read(Array("{}".utf8)) } == ["actions missing"])
    }

    @Test func `variables tell what a start and a stop came to`() throws {
        var streams = ActiveStreams()
        let first = streams.start(StreamRequest(url: "wss://a", tracks: .inbound, controlID: "x"))
        let second = streams.start(StreamRequest(url: "wss://a", tracks: .inbound, controlID: "x"))
        #expect(SWMLVariables.afterStream(first) == ["stream_result": "success", "stream_control_id": "x"])
        #expect(SWMLVariables.afterStream(second) == ["stream_result": "failed"])
        #expect(SWMLVariables.afterStopStream(streams.stop(.mostRecent)) == ["stop_stream_result": "success"])
        #expect(SWMLVariables.afterStopStream(streams.stop(.mostRecent)) == ["stop_stream_result": "failed"])
    }

    @Test func `a bearer token never shows in a description or a dump`() {
        let request = StreamRequest(url: "wss://a", tracks: .both, bearerToken: Secret("t0k"))
        var dumped = ""
        dump(request, to: &dumped)
        #expect(
            !"\(request)".contains("t0k") && !dumped.contains("t0k") && !String(reflecting: request).contains("t0k"))
    }
}
