import SidetoneCallControl
import Testing

/// What a flow decides, without a call: positions are samples at 8 kHz, 8 a millisecond.
@Suite struct CallStateMachineTests {
    static let second: Int64 = 8_000

    private func flow(
        _ actions: String, audioEnd: Int64 = 10 * second, hangUpAt: Int64? = nil
    ) throws -> CallStateMachine {
        let text = actions.hasPrefix("{\"sections") ? actions : "{\"actions\":[\(actions)]}"
        return CallStateMachine(
            try CallDocument.read(Array(text.utf8)), sampleRate: 8_000, audioEnd: audioEnd, hangUpAt: hangUpAt)
    }

    private func swml(_ steps: String, audioEnd: Int64 = 10 * second) throws -> CallStateMachine {
        try flow("{\"sections\":{\"main\":[\(steps)]}}", audioEnd: audioEnd)
    }

    @Test func `an action begins when the one before has ended`() throws {
        var flow = try flow(#"{"say":{"text":"Hello"}},{"hold":{}},{"say":{"text":"Bye"}}"#)
        #expect(flow.next(at: 0) == .speak("Hello"))
        #expect(flow.next(at: 80) == nil, "its sound is not there yet")
        flow.plays(4_000, at: 160)
        #expect(flow.next(at: 4_159) == nil)
        #expect(flow.next(at: 4_160) == .hold)
        #expect(flow.next(at: 4_160) == .speak("Bye"))
        #expect(
            flow.actions.prefix(2) == [
                ActionRecord(name: "say", started: 0, ended: 4_160, outcome: .done),
                ActionRecord(name: "hold", started: 4_160, ended: 4_160, outcome: .done),
            ])
    }

    @Test func `after the last action, the call continues until its audio ends`() throws {
        var flow = try flow(#"{"mute":{"direction":"read"}}"#)
        #expect(flow.next(at: 0) == .mute(.read))
        #expect(flow.next(at: 10 * Self.second - 1) == nil)
        #expect(flow.next(at: 10 * Self.second) == .end(.completed(reason: "the audio has ended")))
        #expect(flow.isOver)
        #expect(flow.next(at: 11 * Self.second) == nil)
    }

    @Test func `a stream opens in the background and is stopped by its address`() throws {
        var flow = try flow(
            #"""
            {"start_stream":{"stream_url":"wss://a.example.org/1","track":"both"}},
            {"start_stream":{"stream_url":"wss://a.example.org/2"}},
            {"stop_stream":{"stream_url":"wss://a.example.org/3"}},
            {"stop_stream":{"stream_url":"wss://a.example.org/1","track":"inbound"}},
            {"stop_stream":{"stream_url":"wss://a.example.org/1"}}
            """#)
        guard case .startStream(let first)? = flow.next(at: 0) else { return #expect(Bool(false)) }
        guard case .startStream(let second)? = flow.next(at: 0) else { return #expect(Bool(false)) }
        #expect(first.request.tracks == .both)
        #expect(second.request.tracks == .inbound)
        #expect(flow.next(at: 0) == .stopStreams([first]))
        #expect(flow.streams.all == [second])
        #expect(
            flow.actions.map(\.outcome) == [
                .done, .done, .nothing("no active stream matches"), .nothing("no active stream matches"), .done,
            ])
        #expect(flow.variables.isEmpty, "MiniVoice sets none")
    }

    @Test func `SWML reports the results of its streams in variables`() throws {
        var flow = try swml(
            #"""
            {"stream":{"url":"wss://a.example.org/1","control_id":"one"}},{"sleep":100},
            {"stream":{"url":"wss://a.example.org/2"}},{"sleep":100},
            {"stop_stream":{}},{"stop_stream":{"control_id":"three"}}
            """#)
        guard case .startStream(let first)? = flow.next(at: 0) else { return #expect(Bool(false)) }
        #expect(flow.variables.isEmpty, "nobody knows yet")
        flow.streamStarted(first)
        #expect(flow.variables == ["stream_result": "success", "stream_control_id": "one"])
        #expect(flow.next(at: 0) == nil)
        guard case .startStream(let second)? = flow.next(at: 800) else { return #expect(Bool(false)) }
        flow.streamStarted(second)
        #expect(flow.variables["stream_control_id"] == second.controlID)
        #expect(flow.next(at: 800) == nil)
        #expect(flow.next(at: 1_600) == .stopStreams([second]))
        #expect(flow.variables["stop_stream_result"] == "success")
        #expect(flow.next(at: 1_600) == nil)
        #expect(flow.variables["stop_stream_result"] == "failed")
        #expect(flow.streams.all == [first])
        flow.streamFailed(first)
        #expect(flow.variables["stream_result"] == "failed")
        #expect(flow.streams.all.isEmpty)
    }

    @Test func `a control id that is in use starts nothing`() throws {
        var flow = try flow(
            #"{"start_stream":{"stream_url":"wss://a.example.org/1"}},{"redirect":{"url":"https://a.example.org/"}}"#)
        guard case .startStream(let first)? = flow.next(at: 0) else { return #expect(Bool(false)) }
        _ = flow.next(at: 0)
        let next =
            #"{"sections":{"main":[{"stream":{"url":"wss://a.example.org/2","control_id":"\#(first.controlID)"}}]}}"#
        flow.loaded(try CallDocument.read(Array(next.utf8)), at: 0)
        #expect(flow.next(at: 0) == nil)
        #expect(flow.variables["stream_result"] == "failed")
        #expect(flow.actions.last?.outcome.word == "failed")
        #expect(flow.streams.all == [first])
    }

    @Test func `gathering collects the keys after the prompt, and reports them`() throws {
        var flow = try flow(#"{"gather":{"prompt":"Which?","num_digits":2,"timeout_seconds":3}},{"hold":{}}"#)
        #expect(flow.next(at: 0) == .speak("Which?"))
        flow.plays(800, at: 0)
        flow.press("9", at: 400)
        #expect(!flow.isGathering)
        #expect(flow.next(at: 800) == nil)
        #expect(flow.isGathering)
        flow.press("1", at: 1_600)
        flow.press("2", at: 2_400)
        guard case .reportDigits(let data)? = flow.next(at: 2_400) else { return #expect(Bool(false)) }
        #expect(data.digits == "12")
        #expect(data.status == "completed")
        #expect(flow.next(at: 2_400) == .hold)
    }

    @Test func `gathering ends by its timeout`() throws {
        var flow = try flow(#"{"gather":{"num_digits":2,"timeout_seconds":3}}"#)
        #expect(flow.next(at: 0) == nil)
        flow.press("1", at: Self.second)
        #expect(flow.next(at: 4 * Self.second - 1) == nil)
        guard case .reportDigits(let data)? = flow.next(at: 4 * Self.second) else { return #expect(Bool(false)) }
        #expect(data.timedOut)
        #expect(data.digits == "1")
    }

    @Test func `a caller who hangs up ends what gathers, and the call`() throws {
        var flow = try flow(#"{"gather":{"num_digits":2}},{"say":{"text":"Never"}}"#, hangUpAt: Self.second)
        #expect(flow.next(at: 0) == nil)
        guard case .reportDigits(let data)? = flow.next(at: Self.second) else { return #expect(Bool(false)) }
        #expect(data.status == "hangup")
        #expect(flow.next(at: Self.second) == .end(.completed(reason: "the caller hung up")))
        #expect(flow.actions.map(\.name) == ["gather"])
    }

    @Test func `a redirect replaces what is left`() throws {
        var flow = try flow(#"{"redirect":{"url":"https://a.example.org/next"}},{"hold":{}}"#)
        guard case .load(let request)? = flow.next(at: 0) else { return #expect(Bool(false)) }
        #expect(request.url == "https://a.example.org/next")
        #expect(flow.next(at: 80) == nil)
        flow.loaded(try CallDocument.read(Array(#"{"actions":[{"say":{"text":"There"}}]}"#.utf8)), at: 160)
        #expect(flow.next(at: 160) == .speak("There"))
        #expect(flow.actions.map(\.name) == ["redirect", "say"])
    }

    @Test func `a document that redirects to itself is followed twenty times`() throws {
        let again = #"{"redirect":{"url":"https://a.example.org/again"}}"#
        let text = "{\"actions\":[\(again)]}"
        var flow = try flow(again)
        var count = 0
        while case .load? = flow.next(at: 0) {
            count += 1
            flow.loaded(try CallDocument.read(Array(text.utf8)), at: 0)
        }
        #expect(count == 20)
        #expect(flow.isOver)
        #expect(flow.actions.last?.outcome == .failed("the call has reached its limit of redirects"))
    }

    @Test func `a redirect says itself how many may follow it`() throws {
        var flow = try flow(#"{"redirect":{"url":"https://a.example.org/1","max_redirects":1}}"#)
        var count = 0
        let next = #"{"actions":[{"redirect":{"url":"https://a.example.org/2"}}]}"#
        while case .load? = flow.next(at: 0) {
            count += 1
            flow.loaded(try CallDocument.read(Array(next.utf8)), at: 0)
        }
        #expect(count == 2)
    }

    @Test func `a redirect that fails ends the call`() throws {
        var flow = try flow(#"{"redirect":{"url":"https://a.example.org/1"}},{"hold":{}}"#)
        _ = flow.next(at: 0)
        flow.loadFailed("the answer has status 404", at: 800)
        guard case .end(.failed(let error))? = flow.next(at: 800) else { return #expect(Bool(false)) }
        #expect(error.code == "answer_url_error")
        #expect(flow.actions.map(\.outcome) == [.failed("the answer has status 404")])
    }

    @Test(arguments: [
        (#"{"transfer":{"destination":"+4930111222"}}"#, "transferred"),
        (#"{"bridge":{"to":"+4930111222"}}"#, "bridged"),
    ])
    func `nothing runs after a call that was given away`(action: String, reason: String) throws {
        var flow = try flow("\(action),{\"hold\":{}}")
        #expect(flow.next(at: 0) == .end(.completed(reason: reason)))
        #expect(flow.actions.count == 1)
    }

    @Test func `a conference lasts as long as the call`() throws {
        var flow = try flow(#"{"conference":{"room":"a","mute":true}},{"hold":{}}"#)
        #expect(flow.next(at: 0) == .mute(.read))
        #expect(flow.next(at: 9 * Self.second) == nil)
        #expect(flow.next(at: 10 * Self.second) == .end(.completed(reason: "the audio has ended")))
        #expect(flow.actions.map(\.name) == ["conference"])
        #expect(flow.actions[0].ended == 10 * Self.second)
    }

    @Test func `what cannot be done is reported, and the call continues`() throws {
        var flow = try flow(#"{"resume":{}},{"stop_recording":{}},{"start_recording":{}},{"start_recording":{}}"#)
        #expect(flow.next(at: 0) == .record(.stop), "whoever records is told, and tells that it failed")
        #expect(flow.next(at: 0) == .record(.start))
        #expect(flow.next(at: 0) == .record(.start))
        #expect(flow.next(at: 0) == nil)
        #expect(flow.actions.map(\.outcome.word) == ["failed", "failed", "done", "failed"])
    }

    @Test func `SWML says and is silent, and passes over what it does not play`() throws {
        var flow = try swml(
            #"""
            {"answer":{}},{"play":{"url":"say:Hello"}},{"play":{"urls":["silence:1.5"]}},
            {"play":{"url":"https://a.example.org/x.wav"}},{"denoise":{}},{"hangup":{}},{"answer":{}}
            """#)
        #expect(flow.next(at: 0) == .speak("Hello"))
        flow.plays(80, at: 0)
        #expect(flow.next(at: 80) == nil)
        #expect(flow.next(at: 80 + 12_000) == .end(.completed(reason: "hung up by the document")))
        #expect(
            flow.actions.map(\.outcome.word) == ["done", "done", "done", "passed_over", "passed_over", "done"])
    }

    @Test func `SWML fills its variables into later steps, when these begin`() throws {
        var flow = try swml(
            #"""
            {"set":{"host":"a.example.org"}},{"stream":{"url":"wss://${host}/1","control_id":"one"}},{"sleep":100},
            {"play":{"url":"say:%{stream_result} of %{stream_control_id}"}},
            {"stop_stream":{"control_id":"${vars.stream_control_id}"}},{"unset":"host"},
            {"play":{"url":"say:${stop_stream_result}${host}"}}
            """#)
        guard case .startStream(let stream)? = flow.next(at: 0) else { return #expect(Bool(false)) }
        #expect(stream.request.url == "wss://a.example.org/1")
        #expect(flow.next(at: 0) == nil)
        flow.streamStarted(stream)
        #expect(flow.next(at: 800) == .speak("success of one"))
        flow.plays(80, at: 800)
        #expect(flow.next(at: 880) == .stopStreams([stream]))
        #expect(flow.next(at: 880) == .speak("success"))
        #expect(flow.actions.map(\.outcome.word).dropLast() == ["done", "done", "done", "done", "done", "done"])
    }

    @Test func `SWML knows its call, and an expression fails its step alone`() throws {
        let document =
            #"{"sections":{"main":[{"play":{"url":"say:${call.from}"}},{"stream":{"url":"${1+1}"}},{"answer":{}}]}}"#
        var flow = CallStateMachine(
            try CallDocument.read(Array(document.utf8)), sampleRate: 8_000, audioEnd: 800,
            callFacts: ["from": "+4930111222"])
        #expect(flow.next(at: 0) == .speak("+4930111222"))
        flow.plays(80, at: 0)
        #expect(flow.next(at: 80) == nil)
        #expect(flow.actions.map(\.outcome.word) == ["done", "failed", "done"])
        #expect(flow.variables == ["stream_result": "failed"])
        #expect(flow.actions[1].outcome.detail?.hasPrefix("stream.url contains an expression") == true)
    }

    @Test func `a recording that could not begin has failed, and does not run`() throws {
        var flow = try flow(#"{"start_recording":{}},{"stop_recording":{}}"#)
        #expect(flow.next(at: 0) == .record(.start))
        flow.recordingFailed("the disk is full")
        #expect(flow.next(at: 0) == .record(.stop))
        #expect(
            flow.actions.map(\.outcome) == [.failed("the disk is full"), .failed("no recording is active")])
    }

    @Test func `who is in a conference when the caller hangs up was there until the end`() throws {
        var flow = try flow(#"{"conference":{"room":"a"}}"#, hangUpAt: Self.second)
        #expect(flow.next(at: 0) == nil)
        #expect(flow.next(at: Self.second) == .end(.completed(reason: "the caller hung up")))
        #expect(flow.actions == [ActionRecord(name: "conference", started: 0, ended: Self.second, outcome: .done)])
    }

    @Test func `MiniVoice fills nothing in`() throws {
        var flow = try flow(#"{"say":{"text":"${call.from}"}}"#)
        #expect(flow.next(at: 0) == .speak("${call.from}"))
    }
}
