import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import Testing

/// The messages as the platforms' documents show them, and as no platform should send them. All values are made up.
@Suite struct TwilioShapedTests {
    private func media(_ members: String) -> String { #"{"event":"media","media":{\#(members)}}"# }

    private func packet(in text: String) throws -> MediaPacket? {
        var dialect = Twilio()
        guard case .media(let packet)? = try dialect.events(in: .text(text)).first else { return nil }
        return packet
    }

    private func refusal(of text: String) -> String {
        var dialect = Twilio()
        do {
            let events = try dialect.events(in: .text(text))
            return "read as \(events.count) events"
        } catch { return error.description }
    }

    // MARK: As documented

    @Test func `Twilio's messages`() throws {
        var dialect = Twilio()
        let id = "MZ00000000000000000000000000000001"
        #expect(
            try dialect.events(in: .text(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)) == [.connected]
        )
        let start = #"""
            {"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"\#(id)","callSid":"CA1",
             "tracks":["inbound","outbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
             "customParameters":{"FirstName":"Jane"}},"streamSid":"\#(id)"}
            """#
        #expect(
            try dialect.events(in: .text(start)) == [
                .start(
                    StreamStart(
                        streamID: id, callID: "CA1", accountID: "AC1", tracks: [.inbound, .outbound],
                        format: MediaFormat(encoding: .pcmu, sampleRate: 8_000),
                        customParameters: ["FirstName": "Jane"]))
            ])
        let media = #"""
            {"event":"media","sequenceNumber":"7","media":{"track":"outbound","chunk":"3","timestamp":"61",
             "payload":"//////////8="},"streamSid":"\#(id)"}
            """#
        #expect(
            try dialect.events(in: .text(media)) == [
                .media(
                    MediaPacket(
                        track: .outbound, sequence: 7, chunk: 3, timestampMs: 61,
                        payload: [UInt8](repeating: 0xFF, count: 8)))
            ])
        let dtmf =
            #"{"event":"dtmf","streamSid":"\#(id)","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"1"}}"#
        #expect(try dialect.events(in: .text(dtmf)) == [.dtmf(WireDigit(digit: "1", track: .inbound))])
        let mark = #"{"event":"mark","sequenceNumber":"4","streamSid":"\#(id)","mark":{"name":"my label"}}"#
        #expect(try dialect.events(in: .text(mark)) == [.mark(name: "my label")])
        let stop =
            #"{"event":"stop","sequenceNumber":"5","stop":{"accountSid":"AC1","callSid":"CA1"},"streamSid":"\#(id)"}"#
        #expect(try dialect.events(in: .text(stop)) == [.stop])
    }

    @Test func `SignalWire's messages`() throws {
        var dialect = SignalWire()
        #expect(
            try dialect.events(in: .text(#"{"event":"connected","protocol":"Call","version":"0.2.0"}"#)) == [.connected]
        )
        let start = #"""
            {"event":"start","sequenceNumber":"1","start":{"streamSid":"1f0c","accountSid":"aa31","callSid":"5d0f",
             "tracks":["inbound"],"customParameters":{},
             "mediaFormat":{"encoding":"audio/x-L16","sampleRate":24000,"channels":1}}}
            """#
        #expect(
            try dialect.events(in: .text(start)) == [
                .start(
                    StreamStart(
                        streamID: "1f0c", callID: "5d0f", accountID: "aa31", tracks: [.inbound],
                        format: MediaFormat(encoding: .l16, sampleRate: 24_000)))
            ])
        let dtmf = #"{"event":"dtmf","sequenceNumber":"9","dtmf":{"digit":"*","duration":1600}}"#
        #expect(try dialect.events(in: .text(dtmf)) == [.dtmf(WireDigit(digit: "*", durationMs: 1_600))])
        #expect(try dialect.events(in: .text(#"{"event":"stop","sequenceNumber":"12"}"#)) == [.stop])
    }

    // MARK: What is tolerated

    @Test func `counters may be strings, numbers, null or absent`() throws {
        let text = try packet(in: media(#""chunk":"3","timestamp":"40","payload":"AA==""#))
        let number = try packet(in: media(#""chunk":3,"timestamp":40,"payload":"AA==""#))
        #expect(text == number)
        #expect(text?.chunk == 3)
        let none = try packet(in: media(#""chunk":null,"payload":"AA==""#))
        #expect(none?.chunk == nil)
        #expect(none?.timestampMs == nil)
    }

    @Test func `media without a track is the caller's`() throws {
        #expect(try packet(in: media(#""payload":"AA==""#))?.track == .inbound)
    }

    @Test(arguments: ["+/8=", #"+\/8="#, "+/8", #"+\/8"#])
    func `slashes may be escaped and padding left out`(payload: String) throws {
        #expect(try packet(in: media(#""payload":"\#(payload)""#))?.payload == [0xFB, 0xFF])
    }

    @Test func `a slash escaped at any place is the same payload`() throws {
        for place in 0..<8 {
            var letters = Array("AAAAAAAA").map(String.init)
            letters[place] = "/"
            let plain = try packet(in: media(#""payload":"\#(letters.joined())""#))
            letters[place] = #"\/"#
            let escaped = try packet(in: media(#""payload":"\#(letters.joined())""#))
            #expect(escaped?.payload.count == 6)
            #expect(escaped == plain)
        }
    }

    @Test(arguments: [#"+/8\u003d"#, #"\u002b\u002F8\u003D"#, #"\u002B/8="#, #"\u002b\/\u0038"#])
    func `letters of a payload may be escaped`(payload: String) throws {
        #expect(try packet(in: media(#""payload":"\#(payload)""#))?.payload == [0xFB, 0xFF])
    }

    @Test(arguments: [
        ("20.0", 20), (#""20.0""#, 20), ("20.9", 20), ("2e1", 20), (#""""#, nil), ("null", nil), (#"" 20 ""#, 20),
        (#""\u0032\u0030""#, 20), ("123456789012345", 123_456_789_012_345), ("1234567890123456", nil), ("0e999", 0),
        ("1e-999", 0), ("1e999", nil), ("-1", nil), (#""1.5.5""#, nil), ("NaN", nil), (#""0x10""#, nil),
        ("true", nil), ("[20]", nil), (#"{"ms":20}"#, nil), ("000000000000000000020", 20),
    ])
    func `a timestamp is read where it is a number from 0 up`(timestamp: String, expected: Int64?) throws {
        let packet = try packet(in: media(#""timestamp":\#(timestamp),"payload":"AA==""#))
        #expect(packet?.payload == [0])
        #expect(packet?.timestampMs == expected)
    }

    @Test(arguments: [("1.5", nil), ("3.0", 3), (#""3""#, 3), ("1e3", 1_000)])
    func `a chunk is whole`(chunk: String, expected: Int64?) throws {
        #expect(try packet(in: media(#""chunk":\#(chunk),"payload":"AA==""#))?.chunk == expected)
    }

    @Test(arguments: [
        ("inbound", TrackRole.inbound), ("Inbound", .inbound), ("inbound_track", .inbound), ("OUTBOUND", .outbound),
        ("Outbound_Track", .outbound), (#"outb\u006fund"#, .outbound), ("", .inbound),
    ])
    func `track words`(word: String, role: TrackRole) throws {
        #expect(try packet(in: media(#""track":"\#(word)","payload":"AA==""#))?.track == role)
    }

    @Test(arguments: [
        ("5", "5"), (#""5""#, "5"), ("5.0", "5"), (#""5.0""#, "5"), (#""12""#, "12"), ("12", "12"),
        (#""*0#aD""#, "*0#AD"),
        (#""\u0023""#, "#"), (#"" 7 ""#, "7"), (#""00""#, "00"), ("0", "0"),
    ])
    func `digits of a dtmf message`(digit: String, expected: String) throws {
        for text in [#"{"event":"dtmf","dtmf":{"digit":\#(digit)}}"#, #"{"event":"dtmf","dtmf":\#(digit)}"#] {
            var dialect = Twilio()
            #expect(try dialect.events(in: .text(text)) == expected.map { .dtmf(WireDigit(digit: $0)) })
        }
    }

    @Test func `a message has at most 32 digits`() throws {
        var dialect = Twilio()
        let digits = String(repeating: "1", count: 100)
        let events = try dialect.events(in: .text(#"{"event":"dtmf","dtmf":{"digit":"\#(digits)"}}"#))
        #expect(events.count == 33)
        #expect(events.last == .remark("twilio message 1: 'dtmf.digit' holds more than 32 keys; the rest is left out"))
    }

    @Test(arguments: [
        (#""duration":160"#, 160), (#""duration":"160.9""#, 160), (#""duration":-5"#, nil), (#""duration":1e300"#, nil),
        (#""duration":600001"#, nil), (#""duration":{}"#, nil),
    ])
    func `a duration that cannot be is none`(member: String, expected: Int?) throws {
        var dialect = SignalWire()
        #expect(
            try dialect.events(in: .text(#"{"event":"dtmf","dtmf":{"digit":"1",\#(member)}}"#))
                == [.dtmf(WireDigit(digit: "1", durationMs: expected))])
    }

    @Test(arguments: [
        (#"["inbound","outbound"]"#, [TrackRole.inbound, .outbound]),
        (#"["Outbound_track",7,"both"]"#, [.outbound, .inbound]),
        (#""inbound""#, [.inbound]), (#""both_tracks""#, [.inbound, .outbound]), ("null", []), ("7", []), ("{}", []),
        (#"["x",[],null]"#, []),
    ])
    func `announced tracks`(tracks: String, expected: [TrackRole]) throws {
        var dialect = Twilio()
        let text = #"""
            {"event":"start","start":{"callSid":7,"streamSid":"s","accountSid":12,"tracks":\#(tracks),
             "mediaFormat":{"encoding":"PCMU"}}}
            """#
        guard case .start(let start)? = try dialect.events(in: .text(text)).first else {
            Issue.record("no start")
            return
        }
        #expect(start.tracks == expected)
        #expect(start.callID == "7" && start.accountID == "12")
    }

    @Test func `custom parameters that are no strings are kept as they are written`() throws {
        var dialect = Twilio()
        let text = #"""
            {"event":"start","start":{"callSid":"c","streamSid":"s","mediaFormat":{"encoding":"PCMU"},
             "customParameters":{"a":7.50,"b":true,"c":null,"d":{"x": [1]},"e":[ ],"f":"g"}}}
            """#
        guard case .start(let start)? = try dialect.events(in: .text(text)).first else {
            Issue.record("no start")
            return
        }
        #expect(start.customParameters == ["a": "7.50", "b": "true", "d": #"{"x": [1]}"#, "e": "[ ]", "f": "g"])
    }

    @Test func `odd media members of other messages cost nothing`() throws {
        var dialect = Twilio()
        for members in [
            #""media":7"#, #""media":{"payload":7,"track":[]}"#, #""media":null,"media":{}"#, #""sequenceNumber":{}"#,
        ] {
            #expect(try dialect.events(in: .text(#"{"event":"stop",\#(members)}"#)) == [.stop])
        }
    }

    @Test func `unknown fields and events are passed over`() throws {
        let text = #"""
            { "x":[1,-2.5e3,true,{"y":null}], "event":"media", "media":{"codec":{"a":[[]]},"payload":"AA==","z":"\"}" } }
            """#
        #expect(try packet(in: text)?.payload == [0])
        var dialect = Twilio()
        #expect(try dialect.events(in: .text(#"{"event":"speech","speech":{"is":[false]}}"#)).isEmpty)
    }

    // MARK: What is refused

    @Test func `refusals say what is wrong, and repeat nothing that came`() {
        let secret = "xyz"
        let keys = "holds no key; keys are 0-9, *, # and A-D [malformed]"
        let refused: [(String, String)] = [
            ("", "it is not a JSON object [malformed]"),
            ("[]", "it is not a JSON object [malformed]"),
            ("{}", "'event' is missing [missingField]"),
            (#"{"event":7}"#, "'event' is not a string [malformed]"),
            (#"{"event":"media"}"#, "'media' is missing [missingField]"),
            (#"{"event":"media","media":"\#(secret)"}"#, "'media' is not an object [malformed]"),
            (#"{"event":"media","event":"media"}"#, "the key 'event' is duplicated [malformed]"),
            (#"{"event":"media","media":{},"media":{}}"#, "the key 'media' is duplicated [malformed]"),
            (#"{"event":"stop"}}"#, "something follows the closing brace [malformed]"),
            (#"{"event":"mark","mark":"\#(secret)"}"#, "'mark.name' is missing [missingField]"),
            (#"{"event":"mark","mark":{}}"#, "'mark.name' is missing [missingField]"),
            (#"{"event":"dtmf"}"#, "'dtmf.digit' is missing [missingField]"),
            (#"{"event":"dtmf","dtmf":{}}"#, "'dtmf.digit' is missing [missingField]"),
            (#"{"event":"dtmf","dtmf":{"digit":null}}"#, "'dtmf.digit' is missing [missingField]"),
            (#"{"event":"dtmf","dtmf":{"digit":""}}"#, "'dtmf.digit' \(keys)"),
            (#"{"event":"dtmf","dtmf":{"digit":"\#(secret)"}}"#, "'dtmf.digit' \(keys)"),
            (#"{"event":"dtmf","dtmf":{"digit":5.5}}"#, "'dtmf.digit' \(keys)"),
            (#"{"event":"dtmf","dtmf":{"digit":"5.5"}}"#, "'dtmf.digit' \(keys)"),
            (#"{"event":"dtmf","dtmf":{"digit":-5}}"#, "'dtmf.digit' \(keys)"),
            (#"{"event":"dtmf","dtmf":{"digit":[5]}}"#, "'dtmf.digit' \(keys)"),
            (#"{"event":"start"}"#, "'start' is missing [missingField]"),
            (#"{"event":"start","start":[]}"#, "'start' is not an object [malformed]"),
            (#"{"event":"start","start":null}"#, "'start' is not an object [malformed]"),
            (#"{"event":"start","start":{},"start":{}}"#, "the key 'start' is duplicated [malformed]"),
            (#"{"event":"start","start":{}}"#, "'start.callSid' is missing [missingField]"),
            (#"{"event":"start","start":{"callSid":null}}"#, "'start.callSid' is missing [missingField]"),
            (
                #"{"event":"start","start":{"callSid":[]}}"#,
                "'start.callSid' is a list; expected a string or a number [malformed]"
            ),
            (
                #"{"event":"start","start":{"callSid":"a","callSid":"b"}}"#,
                "the key 'start.callSid' is duplicated [malformed]"
            ),
            (#"{"event":"start","start":{"callSid":7}}"#, "'start.streamSid' is missing [missingField]"),
            (
                #"{"event":"start","start":{"callSid":"c","streamSid":"s"}}"#,
                "'start.mediaFormat' is missing [missingField]"
            ),
            (
                #"{"event":"start","start":{"callSid":"c","streamSid":"s","mediaFormat":{}}}"#,
                "'start.mediaFormat.encoding' is missing [missingField]"
            ),
            (#"{"event":"stop","x":"\x"}"#, "a string holds an escape that JSON does not have [malformed]"),
            (#"{"event":"stop","x":"\u12"}"#, "a string holds an escape that JSON does not have [malformed]"),
            (#"{"event":"stop","x":NaN}"#, "a value is neither a number nor true, false or null [malformed]"),
        ]
        for (text, reason) in refused { #expect(refusal(of: text) == "twilio message 1: " + reason, "\(text)") }
    }

    @Test func `refusals of a media message name its field`() {
        let refused: [(String, String)] = [
            ("", "'media.payload' is missing [missingField]"),
            (#""payload":7"#, "'media.payload' is not a string [malformed]"),
            (#""payload":null"#, "'media.payload' is not a string [malformed]"),
            (#""payload":"AA==","payload":"AA==""#, "the key 'media.payload' is duplicated [malformed]"),
            (#""track":"both","payload":"""#, "'media.track' is neither inbound nor outbound [malformed]"),
            (#""track":7,"payload":"""#, "'media.track' is not a string [malformed]"),
            (#""track":"inbound","track":"inbound""#, "the key 'media.track' is duplicated [malformed]"),
            (#""chunk":"1","chunk":"1","payload":"""#, "the key 'media.chunk' is duplicated [malformed]"),
            (#""chunk":"1","chun\u006b":"1","payload":"""#, "the key 'media.chunk' is duplicated [malformed]"),
            (#""timestamp":1,"timestamp":1,"payload":"""#, "the key 'media.timestamp' is duplicated [malformed]"),
        ]
        for (members, reason) in refused {
            #expect(refusal(of: media(members)) == "twilio message 1: " + reason, "\(members)")
        }
    }

    @Test(arguments: [
        "A", "AAAAA", "A===", "=", "====", "AA=", "AA==A", "AA=A", "AA*A", "AA A", #"A\nAA"#, "ÄÄÄÄ", #"AAAA\u0041"#,
        #"A\u00C4AA"#, #"AA\""#, #"AA\\"#,
    ])
    func `what is not base64 is refused`(payload: String) {
        #expect(
            refusal(of: media(#""payload":"\#(payload)""#))
                == "twilio message 1: 'media.payload' is not base64 [malformed]")
    }

    @Test func `nesting beyond sixteen is refused before a decoder sees it`() {
        let reason = "twilio message 1: it is nested deeper than 16 [malformed]"
        for depth in [17, 100_000] {
            let lists = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let objects = String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
            #expect(refusal(of: #"{"event":"stop","x":\#(lists)}"#) == reason)
            #expect(refusal(of: #"{"event":"stop","x":\#(objects)}"#) == reason)
            #expect(refusal(of: media(#""payload":"","x":\#(lists)"#)) == reason)
        }
        let allowed = String(repeating: "[", count: 15) + String(repeating: "]", count: 15)
        #expect(refusal(of: #"{"event":"stop","x":\#(allowed)}"#) == "read as 1 events")
    }

    @Test func `an unsupported encoding is named, with control characters escaped`() {
        let encoding = #"audio/\u001b[31m\u202E"# + String(repeating: "x", count: 100)
        let text = #"""
            {"event":"start","start":{"callSid":"c","streamSid":"s","mediaFormat":{"encoding":"\#(encoding)"}}}
            """#
        let shown = "audio/?[31m?" + String(repeating: "x", count: 28) + "…"
        #expect(
            refusal(of: text)
                == "twilio message 1: 'start.mediaFormat.encoding' is \"\(shown)\"; supported: "
                + "L16, L16BE, OPUS, PCMA, PCMU [unsupportedEncoding]")
    }

    @Test(arguments: [
        (
            #""sampleRate":44100"#,
            "'start.mediaFormat.sampleRate' is 44100; PCMU supports 8000, 16000 [unsupportedEncoding]"
        ),
        (
            #""sampleRate":-1"#,
            "'start.mediaFormat.sampleRate' is not a whole number; PCMU supports 8000, 16000 [malformed]"
        ),
        (
            #""sampleRate":1e99"#,
            "'start.mediaFormat.sampleRate' is not a whole number; PCMU supports 8000, 16000 [malformed]"
        ),
        (
            #""sampleRate":"fast""#,
            "'start.mediaFormat.sampleRate' is not a whole number; PCMU supports 8000, 16000 [malformed]"
        ),
        (#""channels":2"#, "'start.mediaFormat.channels' is 2; each track is mono [unsupportedEncoding]"),
    ])
    func `a format that cannot be is refused`(member: String, reason: String) {
        let text = #"""
            {"event":"start","start":{"callSid":"c","streamSid":"s","mediaFormat":{"encoding":"PCMU",\#(member)}}}
            """#
        #expect(refusal(of: text) == "twilio message 1: " + reason)
    }

    @Test func `binary messages and text that is not UTF-8 are rejected, and counting continues`() {
        var dialect = Twilio()
        #expect {
            try dialect.events(in: WireMessage(kind: .binary, bytes: [0, 0]))
        } throws: {
            "\($0)" == "twilio message 1: it is binary; this dialect sends text only [malformed]"
        }
        let bytes = Array(#"{"event":"mark","mark":{"name":""#.utf8) + [0xFF, 0xFE] + Array(#""}}"#.utf8)
        #expect {
            try dialect.events(in: WireMessage(kind: .text, bytes: bytes))
        } throws: {
            "\($0)" == "twilio message 2: 'mark.name' is missing [missingField]"
        }
    }
}
