import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import SidetoneTestSignals
import Testing

/// What every dialect must do. `DialectCatalog` says which there are; a new one is tested by being in it.
@Suite("Every dialect") struct EveryDialectTests {
    static let start = StreamStart(
        streamID: "MZ00000000000000000000000000000001", callID: "CA00000000000000000000000000000001",
        accountID: "AC00000000000000000000000000000001", tracks: [.inbound, .outbound],
        format: MediaFormat(encoding: .pcmu, sampleRate: 8_000),
        customParameters: ["tier": "b", "odd \"key\"": "/\\\n\u{1F600}"])

    static let events: [StreamEvent] = [
        .connected,
        .start(start),
        .media(MediaPacket(track: .inbound, sequence: 2, chunk: 1, timestampMs: 0, payload: Array(0...159))),
        .media(MediaPacket(track: .outbound, sequence: 3, chunk: 1, timestampMs: 0, payload: Array(96...255))),
        .dtmf(WireDigit(digit: "#", track: .inbound, durationMs: 160)),
        .mark(name: "greeting \"done\""),
        .media(MediaPacket(track: .inbound, sequence: 6, chunk: 2, timestampMs: 20, payload: [0xFF])),
        .stop,
    ]

    @Test(arguments: DialectCatalog.all)
    func `reads back what it writes`(_ dialect: any Dialect.Type) throws {
        var writer = dialect.init()
        var reader = dialect.init()
        for event in Self.events { #expect(try reader.events(in: writer.write(event)) == [event]) }
    }

    @Test(arguments: DialectCatalog.all)
    func `reads back payloads of every length`(_ dialect: any Dialect.Type) throws {
        var writer = dialect.init()
        var reader = dialect.init()
        for count in Array(0...20) + [160, 320, 1_600, 16_001] {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 251 &+ count) }
            let packet = MediaPacket(track: .outbound, sequence: 9, chunk: 4, timestampMs: 80, payload: payload)
            #expect(try reader.events(in: writer.write(.media(packet))) == [.media(packet)])
        }
    }

    @Test(arguments: DialectCatalog.all)
    func `numbers its packets by itself where they carry no number`(_ dialect: any Dialect.Type) throws {
        var writer = dialect.init()
        var reader = dialect.init()
        _ = try writer.write(.start(Self.start))
        var chunks: [TrackRole: [Int64?]] = [:]
        var sequences: [Int64] = []
        for track in [TrackRole.inbound, .outbound, .outbound, .inbound] {
            let message = try writer.write(
                .media(MediaPacket(track: track, sequence: nil, chunk: nil, timestampMs: 0, payload: [1])))
            for case .media(let packet) in try reader.events(in: message) {
                chunks[packet.track, default: []].append(packet.chunk)
                sequences.append(packet.sequence ?? 0)
            }
        }
        #expect(chunks == [.inbound: [1, 2], .outbound: [1, 2]])
        #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 + 1 == $1 })
    }

    @Test(arguments: DialectCatalog.all)
    func `carries every codec that it announces`(_ dialect: any Dialect.Type) throws {
        for type in CodecCatalog.all where type.encoding != .l16BigEndian {
            var writer = dialect.init()
            var reader = dialect.init()
            var start = Self.start
            start.format = MediaFormat(encoding: type.encoding, sampleRate: 16_000)
            #expect(try reader.events(in: writer.write(.start(start))) == [.start(start)])
        }
    }

    @Test(arguments: DialectCatalog.all)
    func `a message cut off anywhere is refused, and the next one is read`(_ dialect: any Dialect.Type) throws {
        var writer = dialect.init()
        var reader = dialect.init()
        for event in Self.events {
            let message = try writer.write(event)
            for count in 0..<message.bytes.count {
                var cut = message
                cut.bytes.removeLast(message.bytes.count - count)
                #expect(throws: DialectError.self) { try reader.events(in: cut) }
            }
            #expect(try reader.events(in: message) == [event])
        }
    }

    @Test(arguments: DialectCatalog.all)
    func `bytes of chance never stop it, and never show in its errors`(_ dialect: any Dialect.Type) throws {
        let seed = UInt64.random(in: 0...(.max))
        print("seed \(seed)")  // Before anything can trap.
        var random = SplitMix64(seed: seed)
        var writer = dialect.init()
        let messages = try Self.events.map { try writer.write($0) }
        var reader = dialect.init()
        for turn in 0..<20_000 {
            var bytes: [UInt8]
            if turn.isMultiple(of: 4) {
                bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else {
                // A sound message with up to four bytes changed.
                bytes = messages[Int.random(in: 0..<messages.count, using: &random)].bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let letters = Array("{}[]\":,\\0-9e.nulltrue\u{0}".utf8) + [0xFF, 0xC0, 0x80]
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                        letters[Int.random(in: 0..<letters.count, using: &random)]
                }
            }
            do {
                _ = try reader.events(in: WireMessage(kind: .text, bytes: bytes))
            } catch {
                #expect(error.description.count < 400, "seed \(seed)")
                #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "seed \(seed)")
            }
        }
        #expect(try reader.events(in: messages[1]) == [Self.events[1]], "seed \(seed)")
    }

    @Test func `dialects stand in alphabetical order, each name once`() {
        let names = DialectCatalog.all.map { $0.name }
        #expect(names == Set(names).sorted())
        for name in names { #expect(DialectCatalog.named(name)?.name == name) }
        #expect(DialectCatalog.named("Twilio") == nil)
    }
}
