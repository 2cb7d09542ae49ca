import SidetoneCallControl
import SidetoneEmulator
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import Testing

/// A call carried out: what its streams, its observers and its listeners see.
@Suite struct CallRunnerTests {
    @Test func `a stream carries both tracks from its moment to the call's end`() async throws {
        let call = try await PlayedCall.play(#"{"start_stream":{"stream_url":"wss://a.example.org/","track":"both"}}"#)
        let stream = try call.stream(0)
        #expect(stream.start?.callID == "call-1")
        #expect(stream.start?.tracks == [.inbound, .outbound])
        #expect(stream.samples[0] == [Int16](repeating: 1_000, count: 16_000))
        #expect(stream.samples[1] == [Int16](repeating: 2_000, count: 16_000))
        #expect(stream.timestamps[0] == (0..<100).map { $0 * 20 })
        #expect(stream.isStopped)
        #expect(call.words == ["created", "answered", "streamStarted", "streamFinished", "completed"])
        #expect(call.report.failures == [])
        #expect(call.report.seconds == 2)
        #expect(call.inbound == stream.samples[0])
    }

    @Test func `streams run while later actions do, each from its own start to its own end`() async throws {
        let call = try await PlayedCall.play(
            #"""
            {"start_stream":{"stream_url":"wss://a.example.org/1","track":"both"}},{"say":{"text":"a"}},
            {"start_stream":{"stream_url":"wss://a.example.org/2","track":"outbound"}},{"say":{"text":"bb"}},
            {"stop_stream":{"stream_url":"wss://a.example.org/1"}},{"say":{"text":"c"}}
            """#, seconds: 0)
        let first = try call.stream(0)
        let second = try call.stream(1)
        #expect(first.samples[1].count == 3 * 8_000)
        #expect(second.samples[0].isEmpty)
        #expect(second.samples[1].count == 3 * 8_000)
        #expect(second.timestamps[1].first == 0)
        #expect(second.samples[1].allSatisfy { $0 == 100 })
        #expect(call.report.streams.map(\.started) == [0, 1])
        #expect(call.report.streams.map(\.ended) == [3, 4])
        #expect(call.report.actions.map(\.started) == [0, 0, 8_000, 8_000, 24_000, 24_000])
        #expect(call.report.seconds == 4)
    }

    @Test func `what actions speak is heard over the other side's voice`() async throws {
        let call = try await PlayedCall.play(#"{"say":{"text":"a"}}"#)
        #expect(call.outbound.prefix(8_000).allSatisfy { $0 == 2_100 })
        #expect(call.outbound.dropFirst(8_000).allSatisfy { $0 == 2_000 })
    }

    @Test func `muting silences one direction, and unmuting ends it`() async throws {
        let call = try await PlayedCall.play(
            #"""
            {"mute":{"direction":"read"}},{"say":{"text":"a"}},{"unmute":{"direction":"read"}},
            {"mute":{"direction":"write"}},{"say":{"text":"b"}},{"unmute":{"direction":"both"}}
            """#, seconds: 3)
        #expect(call.inbound.prefix(8_000).allSatisfy { $0 == 0 })
        #expect(call.outbound.prefix(8_000).allSatisfy { $0 == 2_100 })
        #expect(call.inbound.dropFirst(8_000).allSatisfy { $0 == 1_000 })
        #expect(call.outbound[8_000..<16_000].allSatisfy { $0 == 0 })
        #expect(call.outbound.dropFirst(16_000).allSatisfy { $0 == 2_000 })
    }

    @Test func `on hold the caller hears music and is not heard, and streams go on`() async throws {
        let call = try await PlayedCall.play(
            #"""
            {"start_stream":{"stream_url":"wss://a.example.org/","track":"both"}},{"hold":{}},
            {"send_digits":{"digits":"W"}},{"resume":{}}
            """#)
        #expect(call.inbound.prefix(8_000).allSatisfy { $0 == 0 })
        let music = call.outbound.prefix(8_000)
        let power = music.reduce(0.0) { $0 + Double($1) * Double($1) } / 8_000
        // The chord reads about −28 dBFS, ±3 for where in its swell the second lies.
        #expect((300...1_800).contains(power.squareRoot()))
        #expect(!music.contains { abs(Int($0)) > 4_200 })
        #expect(call.inbound.dropFirst(8_000).allSatisfy { $0 == 1_000 })
        #expect(call.outbound.dropFirst(8_000).allSatisfy { $0 == 2_000 })
        #expect(try call.stream(0).samples == [call.inbound, call.outbound])
    }

    @Test func `keys are pressed while digits are gathered: tones, messages, and the webhook's data`() async throws {
        let call = try await PlayedCall.play(
            #"""
            {"start_stream":{"stream_url":"wss://a.example.org/","track":"inbound"}},
            {"gather":{"prompt":"?","num_digits":2,"timeout_seconds":5}},{"gather":{"num_digits":1}}
            """#, seconds: 0
        ) { $0.keys = KeyScript("123") ?? KeyScript() }
        #expect(call.words.contains("gathered 12"))
        #expect(call.words.contains("gathered 3"))
        let stream = try call.stream(0)
        #expect(stream.digits == ["1", "2", "3"])
        // The prompt of a second, then 300 ms until the first key, of 100 ms.
        #expect(stream.samples[0].prefix(10_400).allSatisfy { $0 == 0 })
        #expect(stream.samples[0][10_400..<11_200].contains { $0 > 8_000 })
        #expect(stream.samples[0][11_200..<12_800].allSatisfy { $0 == 0 })
    }

    @Test func `keys are pressed at their seconds`() async throws {
        let call = try await PlayedCall.play(
            #"{"start_stream":{"stream_url":"wss://a.example.org/"}}"#, seconds: 2
        ) { $0.keys = KeyScript("1.5:#,0.5:7") ?? KeyScript() }
        #expect(try call.stream(0).digits == ["7", "#"])
        #expect(call.inbound[3_999] == 1_000)
        #expect(call.inbound[4_000..<4_800].contains { $0 > 9_000 })
    }

    @Test func `SignalWire receives the duration of a key press`() async throws {
        let call = try await PlayedCall.play(
            #"{"start_stream":{"stream_url":"wss://a.example.org/"}}"#
        ) {
            $0.platform = SignalWire.self
            $0.keys = KeyScript("0.5:7") ?? KeyScript()
        }
        var dialect = SignalWire()
        let events = try call.network.heard[0].messages.flatMap { try dialect.events(in: $0.message) }
        #expect(events.contains(.dtmf(WireDigit(digit: "7", durationMs: 100))))
    }

    @Test func `a redirect is followed, and its streams join the others`() async throws {
        let network = ScriptedNetwork(documents: [
            "https://a.example.org/next": #"{"actions":[{"start_stream":{"stream_url":"wss://b.example.org/"}}]}"#
        ])
        let call = try await PlayedCall.play(
            #"""
            {"start_stream":{"stream_url":"wss://a.example.org/"}},
            {"redirect":{"url":"https://a.example.org/next","method":"POST","max_redirects":3}}
            """#, network: network)
        #expect(network.heard.map(\.stream.url) == ["wss://a.example.org/", "wss://b.example.org/"])
        #expect(network.asked.map(\.mostRedirects) == [3])
        #expect(
            network.asked[0].body.map { String(decoding: $0, as: UTF8.self) }
                == #"{"call":{"id":"call-1","direction":"inbound"},"variables":{}}"#)
        #expect(call.report.status == "completed")
    }

    @Test func `a redirect into nowhere ends the call, its streams with it`() async throws {
        let call = try await PlayedCall.play(
            #"{"start_stream":{"stream_url":"wss://a.example.org/"}},{"redirect":{"url":"https://a.example.org/no"}}"#)
        #expect(call.words == ["created", "answered", "streamStarted", "streamFinished", "failed"])
        #expect(call.report.status == "failed")
        #expect(try call.stream(0).isStopped)
    }

    @Test func `actions that cannot be read are never answered`() async throws {
        let network = ScriptedNetwork(documents: ["https://a.example.org/": #"{"actions":[{"sya":{}}]}"#])
        let call = try await PlayedCall.play("", network: network) {
            $0.beginning = .answerURL(DocumentRequest(url: "https://a.example.org/", method: .get))
        }
        #expect(call.words == ["created", "failed"])
        #expect(call.report.reason.contains(#"did you mean "say"?"#))
        #expect(call.report.failures.first?.hasPrefix("answer_url_error: ") == true)
    }

    @Test func `a receiver that refuses costs its stream, and nothing else`() async throws {
        let network = ScriptedNetwork(receivers: ["wss://down.example.org/": .refuses])
        let call = try await PlayedCall.play(
            #"""
            {"sections":{"main":[{"stream":{"url":"wss://down.example.org/","control_id":"down"}},{"sleep":100},
            {"stream":{"url":"wss://up.example.org/","control_id":"up"}},{"sleep":100},{"stop_stream":{"control_id":"down"}}]}}
            """#, network: network)
        #expect(
            call.words == [
                "created", "answered", "streamFailed", "streamStarted", "streamFinished", "completed",
            ])
        #expect(call.moments[2].variables == ["stream_result": "failed"])
        #expect(
            call.report.variables == [
                "stream_result": "success", "stream_control_id": "up", "stop_stream_result": "failed",
            ])
        #expect(call.report.failures == ["stream down: refused"])
        #expect(try call.stream(0).samples[0].count == 16_000 - 800)
    }

    @Test func `a receiver that leaves fails its stream in the middle of the call`() async throws {
        let network = ScriptedNetwork(receivers: ["wss://a.example.org/": .leaves(after: 20)])
        let call = try await PlayedCall.play(
            #"{"sections":{"main":[{"stream":{"url":"wss://a.example.org/"}}]}}"#, network: network)
        #expect(call.words == ["created", "answered", "streamStarted", "streamBroke", "completed"])
        #expect(call.report.variables["stream_result"] == "failed")
        #expect(call.report.seconds == 2)
        #expect(call.report.failures.count == 1)
    }

    @Test func `parameters, token and codec of a document reach its receiver`() async throws {
        let call = try await PlayedCall.play(
            #"""
            {"sections":{"main":[{"stream":{"url":"wss://a.example.org/","codec":"L16@16000h@40i",
            "authorization_bearer_token":"demo-token","custom_parameters":{"tier":"b"}}}]}}
            """#)
        let stream = try call.stream(0)
        #expect(stream.start?.customParameters == ["tier": "b"])
        #expect(stream.start?.format.sampleRate == 16_000)
        #expect(call.network.heard[0].stream.bearerToken?.value == "demo-token")
        #expect(stream.timestamps[0].prefix(3) == [0, 40, 80])
        #expect(stream.samples[0].count == 32_000)
        // A constant stays one at any rate, but for the edges.
        #expect(stream.samples[0][200..<31_800].allSatisfy { abs(Int($0) - 1_000) <= 1 })
    }

    @Test func `a codec that is not there fails the stream, with what would be right`() async throws {
        let call = try await PlayedCall.play(
            #"{"sections":{"main":[{"stream":{"url":"wss://a.example.org/","codec":"G729"}}]}}"#)
        #expect(call.words == ["created", "answered", "streamFailed", "completed"])
        #expect(call.report.failures.first?.contains("L16, L16BE, OPUS, PCMA, PCMU") == true)
    }

    @Test func `recordings are requested at their positions`() async throws {
        let call = try await PlayedCall.play(
            #"{"start_recording":{}},{"say":{"text":"a"}},{"stop_recording":{}}"#)
        #expect(call.words == ["created", "answered", "recording start", "recording stop", "completed"])
        #expect(call.moments.map(\.position) == [0, 0, 0, 8_000, 16_000])
    }

    @Test func `the caller may hang up first`() async throws {
        let call = try await PlayedCall.play(#"{"say":{"text":"aaaa"}}"#) { $0.hangUpAfter = 1.5 }
        #expect(call.report.seconds == 1.5)
        #expect(call.report.reason == "the caller hung up")
        #expect(call.outbound.count == 12_000)
    }
}
