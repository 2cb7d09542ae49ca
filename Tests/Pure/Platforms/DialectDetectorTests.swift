import SidetoneModel
import SidetonePlatforms
import Testing

@Suite struct DialectDetectorTests {
    private let connectedTwilio = #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#
    private let connectedSignalWire = #"{"event":"connected","protocol":"Call","version":"0.2.0"}"#
    private let startTwilio = #"{"event":"start","streamSid":"MZ1","start":{"streamSid":"MZ1","callSid":"CA1"}}"#
    private let startSignalWire = #"{"event":"start","start":{"streamSid":"1f0c","callSid":"5d0f"}}"#
    private let media = #"{"event":"media","media":{"payload":"AA=="}}"#

    /// After which message which dialect was found.
    private func found(_ messages: [String], headers: [String: String] = [:]) -> String {
        var detector = DialectDetector(opening: Opening(headers: headers))
        for (count, message) in messages.enumerated() {
            if let type = detector.offer(.text(message)) { return "\(type.name) after \(count + 1)" }
        }
        return detector.isExhausted ? "none" : "waiting"
    }

    @Test func `the start message decides`() {
        #expect(found([connectedTwilio, startTwilio]) == "twilio after 2")
        #expect(found([connectedSignalWire, startSignalWire]) == "signalwire after 2")
        #expect(found([startTwilio]) == "twilio after 1")
        #expect(found([startSignalWire]) == "signalwire after 1")
        #expect(found([connectedTwilio]) == "waiting")
    }

    @Test func `media before the start does not mislead it`() {
        #expect(found([connectedTwilio, media, startTwilio]) == "twilio after 3")
        #expect(found([media, connectedSignalWire, startSignalWire]) == "signalwire after 3")
    }

    @Test func `the greeting's version decides when the start does not come`() {
        #expect(found([connectedTwilio, media, media]) == "twilio after 3")
        #expect(found([connectedSignalWire, media, media]) == "signalwire after 3")
    }

    @Test func `Twilio's signature decides at once`() {
        #expect(found([media], headers: ["x-twilio-signature": "abc"]) == "twilio after 1")
    }

    @Test func `a stream that looks like Twilio's without its ids is taken for Twilio's late`() {
        let start = #"{"event":"start","streamSid":"1","start":{"streamSid":"1","callSid":"2"}}"#
        #expect(found([start, media, media]) == "twilio after 3")
    }

    @Test func `an unknown opening matches no dialect`() {
        #expect(found(["hello", "{}", "[]"]) == "none")
        #expect(found([#"{"event":"connected"}"#, media, media]) == "none")
        #expect(found(Array(repeating: String(repeating: "[", count: 10_000), count: 3)) == "none")
    }

    @Test func `a byte order mark is passed over`() {
        #expect(found(["\u{FEFF}" + connectedTwilio, "\u{FEFF}" + startTwilio]) == "twilio after 2")
    }

    @Test func `ids that are numbers show the dialect, too`() {
        #expect(found([#"{"event":"start","start":{"streamSid":1,"callSid":2}}"#]) == "signalwire after 1")
    }

    @Test func `an unknown opening is described by its most telling message`() {
        func problem(_ messages: [WireMessage]) -> String {
            var detector = DialectDetector()
            for message in messages { _ = detector.offer(message) }
            return detector.problem
        }
        func binary(_ bytes: [UInt8]) -> WireMessage { WireMessage(kind: .binary, bytes: bytes) }
        let end = " (dialects: minivoice, signalwire, twilio, vonage)"
        let json = binary(Array(connectedTwilio.utf8))
        #expect(
            problem([json, json, json])
                == "no dialect recognised: message 1 is JSON in a binary frame; send it in text frames" + end)
        #expect(problem([binary([0xEF, 0xBB, 0xBF] + json.bytes)]).contains("is JSON in a binary frame"))
        #expect(problem([binary([0xFF, 0xFE, 0x7B, 0])]).contains("is UTF-16 in a binary frame"))
        #expect(problem([binary([0, 1])]).contains("is a binary frame"))
        #expect(problem([.text("hello")]).contains("message 1 is not JSON of a known form: it is not a JSON object"))
        #expect(problem([.text("{}")]).contains("message 1 has no 'event'"))
        #expect(problem([.text(#"{"event":"open\u0007"}"#)]).contains("message 1 has the event \"open?\""))
        #expect(
            problem([.text(connectedTwilio), .text(#"{"event":"start","start":{"streamSid":"a"}}"#)])
                == "no dialect recognised: message 2: 'start.callSid' is missing" + end)
        #expect(problem([]).contains("no message came"))
    }

    @Test func `MiniVoice is never guessed, because it looks like Twilio`() throws {
        var writer = MiniVoice()
        var messages: [WireMessage] = []
        for event in EveryPlatformTests.events { messages.append(try writer.write(event)) }
        var detector = DialectDetector()
        let types = messages.map { detector.offer($0) }
        #expect(types.compactMap { $0?.name }.first == "twilio")
        #expect(MiniVoice.recognizes(Opening(messages: messages)) == .no)
    }

    @Test(arguments: [Twilio.self, SignalWire.self] as [any Platform.Type])
    func `every opening that a platform writes is its own`(_ type: any Platform.Type) throws {
        var writer = type.init()
        var detector = DialectDetector()
        #expect(try detector.offer(writer.write(.connected)) == nil)
        #expect(try detector.offer(writer.write(.start(EveryPlatformTests.start)))?.name == type.name)
        #expect(detector.opening.messages.count == 2)
    }
}
