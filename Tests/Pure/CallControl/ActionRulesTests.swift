import SidetoneCallControl
import Testing

/// The parameter rules of each action, one line a case: the action, its parameters, what is wrong.
@Suite struct ActionRulesTests {
    @Test(
        arguments: [
            ("say", #"{"text":"a"}"#, []), ("say", #"{}"#, ["text missing"]),
            ("say", #"{"text":""}"#, ["text notAllowed"]),
            ("say", #"{"text":" \n"}"#, ["text notAllowed"]), ("say", #"{"text":7}"#, ["text wrongType"]),
            ("gather", "{}", []), ("gather", ##"{"num_digits":4,"finish_on_key":"#"}"##, []),
            ("gather", #"{"num_digits":0}"#, ["num_digits notAllowed"]),
            ("gather", #"{"num_digits":"4"}"#, ["num_digits wrongType"]),
            ("gather", #"{"num_digits":2.5}"#, ["num_digits notAllowed"]),
            ("gather", #"{"timeout_seconds":1}"#, []), ("gather", #"{"timeout_seconds":30.0}"#, []),
            ("gather", #"{"timeout_seconds":0}"#, ["timeout_seconds notAllowed"]),
            ("gather", #"{"timeout_seconds":31}"#, ["timeout_seconds notAllowed"]),
            ("gather", ###"{"finish_on_key":"##"}"###, ["finish_on_key notAllowed"]),
            ("gather", #"{"finish_on_key":"x"}"#, ["finish_on_key notAllowed"]),
            ("gather", #"{"min_digits":5,"max_digits":4}"#, ["min_digits contradiction"]),
            ("gather", #"{"num_digits":5,"max_digits":4}"#, ["num_digits contradiction"]),
            ("send_digits", #"{"digits":"0123456789*#ABCDwW,"}"#, []), ("send_digits", "{}", ["digits missing"]),
            ("send_digits", #"{"digits":""}"#, ["digits notAllowed"]),
            ("send_digits", #"{"digits":"12a"}"#, ["digits notAllowed"]),
            ("send_digits", #"{"digits":"1","pause_before_ms":60000}"#, []),
            ("send_digits", #"{"digits":"1","pause_before_ms":60001}"#, ["pause_before_ms notAllowed"]),
            ("send_digits", #"{"digits":"1","pause_before_ms":-1}"#, ["pause_before_ms notAllowed"]),
            ("redirect", #"{"url":"http://a.example.org"}"#, []), ("redirect", "{}", ["url missing"]),
            ("redirect", #"{"url":"ftp://a.example.org"}"#, ["url notAllowed"]),
            ("redirect", #"{"url":"file:///etc/passwd"}"#, ["url notAllowed"]),
            ("redirect", #"{"url":"https://a.example.org","method":"PUT"}"#, ["method notAllowed"]),
            ("redirect", #"{"url":"https://a.example.org","max_redirects":20}"#, []),
            ("redirect", #"{"url":"https://a.example.org","max_redirects":21}"#, ["max_redirects notAllowed"]),
            ("transfer", #"{"destination":"+4930111222"}"#, []), ("transfer", #"{"to":"sip:a@b.example.org"}"#, []),
            ("transfer", #"{"to":"+4930111222","from":"+4930111223","timeout_seconds":20}"#, []),
            ("transfer", #"{"destination":"+4930111222","to":"+4930111222"}"#, []),
            ("transfer", #"{"destination":"+4930111222","to":"+4930111223"}"#, ["to contradiction"]),
            ("transfer", "{}", ["destination missing"]),
            ("transfer", #"{"destination":"030 111222"}"#, ["destination notAllowed"]),
            ("transfer", #"{"destination":"+0930111222"}"#, ["destination notAllowed"]),
            ("bridge", #"{"destination":"+1234567890123456"}"#, ["destination notAllowed"]),
            ("bridge", #"{"to":"sip:"}"#, ["to notAllowed"]), ("bridge", #"{"to":"SIPS:a@b.example.org"}"#, []),
            ("conference", #"{"room":"a.b-c_9"}"#, []), ("conference", #"{"room":"a b"}"#, ["room notAllowed"]),
            ("conference", #"{"room":""}"#, ["room notAllowed"]), ("conference", "{}", ["room missing"]),
            ("conference", #"{"room":"a","mute":"yes"}"#, ["mute wrongType"]),
            ("conference", #"{"room":"a","end_on_exit":1}"#, ["end_on_exit wrongType"]),
            ("hold", "{}", []), ("resume", "{}", []), ("start_recording", "{}", []), ("stop_recording", "{}", []),
            ("mute", "{}", ["direction missing"]), ("mute", #"{"direction":"read"}"#, []),
            ("unmute", #"{"direction":"write"}"#, []),
            ("unmute", #"{"direction":"inbound"}"#, ["direction notAllowed"]),
            ("start_stream", "{}", ["stream_url missing"]), ("start_stream", #"{"stream_url":"wss://a"}"#, []),
            ("start_stream", #"{"stream_url":"WSS://a"}"#, []),
            ("start_stream", #"{"stream_url":"ws://a"}"#, ["stream_url notAllowed"]),
            ("start_stream", #"{"stream_url":"wss://"}"#, ["stream_url notAllowed"]),
            ("start_stream", #"{"stream_url":"wss://u:p@a"}"#, ["stream_url notAllowed"]),
            ("start_stream", #"{"stream_url":"wss://a#b"}"#, ["stream_url notAllowed"]),
            ("start_stream", #"{"stream_url":null}"#, ["stream_url wrongType"]),
            ("start_stream", #"{"stream_url":"wss://a","track":"Both"}"#, ["track notAllowed"]),
            ("stop_stream", "{}", []), ("stop_stream", #"{"track":"both"}"#, []),
            ("stop_stream", #"{"stream_url":"https://a"}"#, ["stream_url notAllowed"]),
        ] as [(String, String, [String])])
    func `each action holds its parameters to their rules, in both forms`(
        _ name: String, parameters: String, expected: [String]
    ) {
        let keyed = problems(ofActions: "{\"actions\":[{\"\(name)\":\(parameters)}]}")
        #expect(keyed == expected.map { "actions[0].\(name).\($0)" })
        let rest = parameters == "{}" ? "}" : ",\(parameters.dropFirst())"
        let typed = problems(ofActions: "{\"actions\":[{\"type\":\"\(name)\"\(rest)]}")
        #expect(typed == expected.map { "actions[0].\($0)" })
    }

    @Test func `the digits of a gather follow the bounds that are given, else num_digits, else one`() throws {
        func bounds(_ parameters: String) throws -> [Int] {
            let text = "{\"actions\":[{\"gather\":\(parameters)}]}"
            guard case .gather(let request) = try ActionDocument.read(Array(text.utf8)).instructions[0] else {
                return []
            }
            return [request.minDigits, request.maxDigits]
        }
        #expect(try bounds("{}") == [1, 1])
        #expect(try bounds(#"{"num_digits":4}"#) == [4, 4])
        #expect(try bounds(#"{"min_digits":2}"#) == [2, 2])
        #expect(try bounds(#"{"max_digits":6}"#) == [1, 6])
        #expect(try bounds(#"{"min_digits":0,"max_digits":6}"#) == [0, 6])
    }

    @Test func `the catalogue is in alphabetical order and names each action once`() {
        #expect(ActionCatalog.names == Set(ActionCatalog.names).sorted())
        #expect(ActionCatalog.all.allSatisfy { !$0.summary.isEmpty })
    }

    @Test func `a transfer and a bridge end the flow, a redirect replaces it, other actions continue`() {
        let request = ConnectRequest(destination: "+4930111222")
        #expect(CallInstruction.transfer(request).sequel == .ends)
        #expect(CallInstruction.bridge(request).sequel == .ends)
        #expect(CallInstruction.redirect(RedirectRequest(url: "https://a.example.org")).sequel == .replaced)
        #expect(CallInstruction.stopStream(.mostRecent).sequel == .continues)
    }
}
