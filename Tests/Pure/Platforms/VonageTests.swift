import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import Testing

@Suite struct VonageTests {
    private let connected = #"{"event":"websocket:connected","content-type":"audio/l16;rate=16000","call_id":"c-9"}"#
    private let audio = WireMessage(kind: .binary, bytes: [UInt8](repeating: 1, count: 640))

    private func reader(_ settings: DialectSettings = DialectSettings()) -> Vonage {
        Vonage(opening: Opening(connectionID: "connection-1"), settings: settings)
    }

    private func start(_ text: String, reader: Vonage? = nil) throws -> StreamStart? {
        var reader = reader ?? self.reader()
        guard case .start(let start)? = try reader.events(in: .text(text)).first else { return nil }
        return start
    }

    @Test func `the NCCO's headers are the call's id and its parameters`() throws {
        let start = try #require(
            try start(
                #"{"event":"websocket:connected","content-type":"audio/l16;rate=8000","call_id":"c-9","tier":"b","n":7}"#
            ))
        #expect(
            start
                == StreamStart(
                    streamID: "connection-1", callID: "c-9", tracks: [.inbound],
                    format: MediaFormat(encoding: .l16, sampleRate: 8_000), customParameters: ["tier": "b", "n": "7"]))
    }

    @Test func `without the header every connection is a call`() throws {
        let start = try start(#"{"event":"websocket:connected","content-type":"audio/l16;rate=16000"}"#)
        #expect(start?.callID == "connection-1")
        #expect(start?.format.sampleRate == 16_000)
    }

    @Test func `the key of the header is a setting`() throws {
        var settings = DialectSettings()
        settings[Vonage.settings[0]] = "uuid"
        let text = #"{"event":"websocket:connected","content-type":"audio/l16;rate=16000","uuid":"u-1","call_id":"c"}"#
        let start = try start(text, reader: reader(settings))
        #expect(start?.callID == "u-1")
        #expect(start?.customParameters == ["call_id": "c"])
    }

    @Test(arguments: [
        ("audio/opus;rate=16000", "audio/opus;rate=16000\"; supported: audio/l16;rate=16000"),
        ("audio/l16", "L16 takes the rates"), ("audio/l16;rate=1", "L16 takes the rates"),
    ])
    func `another format ends the stream with the reason`(type: String, reason: String) {
        let text = #"{"event":"websocket:connected","content-type":"\#(type)"}"#
        let error = #expect(throws: DialectError.self) { try start(text) }
        #expect(error?.isOfStart == true && error?.code == .unsupportedEncoding)
        #expect(error?.detail.contains(reason) == true)
    }

    @Test func `keys lie flat or nested`() throws {
        var reader = reader()
        for text in [
            #"{"event":"websocket:dtmf","digit":"5","duration":260}"#,
            #"{"event":"websocket:dtmf","dtmf":{"digit":"5","duration":260}}"#,
        ] {
            #expect(try reader.events(in: .text(text)) == [.dtmf(WireDigit(digit: "5", durationMs: 260))])
        }
        #expect(throws: DialectError.self) { try reader.events(in: .text(#"{"event":"websocket:dtmf"}"#)) }
    }

    @Test func `events without a meaning here pass`() throws {
        var reader = reader()
        for event in ["websocket:cleared", "websocket:notify", "websocket:other"] {
            #expect(try reader.events(in: .text(#"{"event":"\#(event)","payload":{"a":[1]}}"#)).isEmpty)
        }
        #expect(try reader.events(in: WireMessage(kind: .binary, bytes: [])).isEmpty)
    }

    // MARK: Arrival

    /// The positions of packets of 20 ms, in milliseconds, that arrive at these times.
    private func positions(_ arrivalsMs: [Int], startsFirst: Bool = true) throws -> [Int64?] {
        var reader = reader()
        if startsFirst { _ = try reader.events(in: .text(connected)) }
        return try arrivalsMs.map { arrival in
            guard case .media(let packet)? = try reader.events(in: audio, arrival: .milliseconds(arrival)).first
            else { return nil }
            return packet.timestampMs
        }
    }

    @Test func `packets follow one another, however the network delays them`() throws {
        #expect(try positions([100, 120, 140, 310, 311, 312]) == [0, 20, 40, 60, 80, 100])
    }

    @Test func `a stall that is caught up is not a pause`() throws {
        let arrivals = [0, 20, 40] + Array(repeating: 2_000, count: 98) + [2_020, 2_040]
        #expect(try positions(arrivals).last == 20 * Int64(arrivals.count - 1))
    }

    @Test func `a pause moves what follows once it has lasted`() throws {
        // Ten packets, a second without any, then packets in time again.
        let arrivals = (0..<10).map { $0 * 20 } + (10..<60).map { $0 * 20 + 1_000 }
        let positions = try positions(arrivals)
        #expect(positions[10] == 200)
        #expect(positions[24] == 480)
        #expect(positions[25] == 1_500)
        #expect(positions.last == Int64(arrivals[59]))
    }

    @Test func `audio before the start has no position, and counts`() throws {
        var reader = reader()
        let early = try reader.events(in: audio, arrival: .zero)
        guard case .media(let packet)? = early.first else { return #expect(Bool(false), "no media") }
        #expect(packet.timestampMs == nil && packet.chunk == 1)
        _ = try reader.events(in: .text(connected), arrival: .milliseconds(10))
        guard case .media(let next)? = try reader.events(in: audio, arrival: .milliseconds(20)).first else { return }
        #expect(next.timestampMs == 20 && next.chunk == 2)
    }

    // MARK: Detection

    @Test func `the opening message identifies it, even after early audio`() {
        var detector = DialectDetector()
        for _ in 0..<40 { #expect(detector.offer(audio) == nil) }
        #expect(!detector.isExhausted)
        #expect(detector.offer(.text(connected))?.name == "vonage")
        #expect(detector.opening.messages.count == 41)
    }
}
