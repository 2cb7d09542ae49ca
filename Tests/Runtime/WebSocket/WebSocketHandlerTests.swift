import NIOCore
import SidetoneModel
import Testing

@testable import SidetoneWebSocket

/// RFC 6455 as a server keeps it, over sockets of this machine.
@Suite(.timeLimit(.minutes(1))) struct WebSocketHandlerTests {
    /// Bytes that break a rule, and the code that tells so.
    struct Violation: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var code: Int
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ code: Int) {
            self.name = name
            self.bytes = bytes
            self.code = code
        }
    }

    /// What a message may hold in these tests.
    static let messageBytes = 4_096

    static let protocolErrors: [Violation] =
        [
            Violation("RSV1, as of permessage-deflate", frame(0xC1, text: "a"), 1_002),
            Violation("RSV2", frame(0xA1, text: "a"), 1_002),
            Violation("RSV3", frame(0x91, text: "a"), 1_002),
            Violation("RSV1 of a ping", frame(0xC9), 1_002),
            Violation("unmasked text", frame(0x81, payload: [0x61], isMasked: false), 1_002),
            Violation("unmasked close", frame(0x88, payload: closing(1_000), isMasked: false), 1_002),
            Violation("fragmented ping", frame(0x09, text: "a"), 1_002),
            Violation("fragmented close", frame(0x08, payload: closing(1_000)), 1_002),
            Violation("ping of 126 bytes", frame(0x89, payload: [UInt8](repeating: 0, count: 126)), 1_002),
            Violation(
                "close of 126 bytes",
                frame(0x88, payload: closing(1_000, reason: [UInt8](repeating: 0x61, count: 124))), 1_002),
            Violation("last continuation without a start", frame(0x80, text: "a"), 1_002),
            Violation("continuation without a start", frame(0x00, text: "a"), 1_002),
            Violation("continuation after a whole message", frame(0x81, text: "a") + frame(0x80, text: "b"), 1_002),
            Violation("text inside fragments", frame(0x01, text: "a") + frame(0x81, text: "b"), 1_002),
            Violation("binary inside fragments", frame(0x01, text: "a") + frame(0x02, text: "b"), 1_002),
            Violation("close of one byte", frame(0x88, payload: [3]), 1_002),
        ] + [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map { Violation("opcode \($0)", frame(0x80 | $0, text: "a"), 1_002) }
        + [0, 999, 1_004, 1_005, 1_006, 1_015, 1_016, 2_000, 2_999, 5_000, 65_535].map {
            Violation("close with \($0)", frame(0x88, payload: closing($0)), 1_002)
        }

    static let textErrors: [Violation] = [
        Violation("a lone continuation byte", frame(0x81, payload: [0x80]), 1_007),
        Violation("a surrogate", frame(0x81, payload: [0xED, 0xA0, 0x80]), 1_007),
        Violation("an overlong slash", frame(0x81, payload: [0xC0, 0xAF]), 1_007),
        Violation("beyond U+10FFFF", frame(0x81, payload: [0xF4, 0x90, 0x80, 0x80]), 1_007),
        Violation("a text that ends within a letter", frame(0x81, payload: [0x61, 0xE2, 0x82]), 1_007),
        Violation(
            "a letter broken over fragments", frame(0x01, payload: [0xE2, 0x82]) + frame(0x80, payload: [0x28]), 1_007),
        Violation("a close reason that is no UTF-8", frame(0x88, payload: closing(1_000, reason: [0xFF])), 1_007),
    ]

    static let sizeErrors: [Violation] = [
        Violation(
            "a frame over the limit", frame(0x82, payload: [UInt8](repeating: 1, count: messageBytes + 1)), 1_009),
        Violation("a frame that claims 2^62 bytes", frame(0x82, claim: 1 << 62), 1_009),
        Violation("a frame that claims 2^63 bytes", frame(0x82, claim: Int.min), 1_009),
        Violation(
            "two fragments over the limit",
            frame(0x02, payload: [UInt8](repeating: 1, count: messageBytes)) + frame(0x80, payload: [1]), 1_009),
        Violation(
            "fragments without end", frame(0x01, text: "a") + (0..<5_000).flatMap { _ in frame(0x00, text: "b") }, 1_009
        ),
    ]

    @Test(arguments: protocolErrors + textErrors + sizeErrors)
    func `a violation is answered with its close code, and the answer arrives`(violation: Violation) async throws {
        try await TestServer.run {
            $0.messageBytes = Self.messageBytes
        } body: { server in
            let (frame, rest) = try await RawPeer.upgrade(at: server.port) { peer in
                // More follows, as from a peer that has not read the answer yet.
                try await peer.send(violation.bytes + [UInt8](repeating: 0x55, count: 200_000))
                var frame = await peer.frame()
                // What came before the violation is echoed.
                while let other = frame, other.opcode < 8 { frame = await peer.frame() }
                return (frame, await peer.rest())
            }
            #expect(frame?.closeCode == violation.code)
            #expect(frame?.closeReason?.isEmpty == false)
            #expect(rest == [])
            #expect(await server.end() == .violation(code: violation.code))
        }
    }

    @Test(arguments: [1_000, 1_001, 1_002, 1_003, 1_007, 1_008, 1_009, 1_010, 1_011, 1_012, 1_013, 1_014, 3_000, 4_999])
    func `a close is answered with its code`(code: Int) async throws {
        try await TestServer.run { server in
            let answer = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x88, payload: closing(code, reason: Array("Grüße".utf8))))
                return (await peer.frame(), await peer.rest())
            }
            #expect(answer.0 == RawPeer.Frame(isLast: true, opcode: 8, payload: closing(code)))
            #expect(answer.1 == [])
            #expect(await server.end() == .closed(code: code, reason: "Grüße"))
        }
    }

    @Test func `a reason is safe to print`() async throws {
        try await TestServer.run { server in
            try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x88, payload: closing(1_000, reason: Array("a\u{1B}[31m\nb\u{202E}".utf8))))
                _ = await peer.rest()
            }
            #expect(await server.end() == .closed(code: 1_000, reason: "a?[31m?b?"))
        }
    }

    @Test func `a close without a code is answered, and reported as such`() async throws {
        try await TestServer.run { server in
            let answer = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x88) + frame(0x81, text: "too late"))
                return (await peer.frame(), await peer.rest())
            }
            #expect(answer.0?.closeCode == 1_000)
            #expect(answer.1 == [])
            #expect(await server.end() == .closed(code: nil))
        }
    }

    @Test func `a connection that ends without a close frame was reset`() async throws {
        try await TestServer.run { server in
            try await RawPeer.upgrade(at: server.port) { $0.finish() }
            #expect(await server.end() == .reset)
        }
    }

    @Test func `a ping is answered with its payload, also between fragments`() async throws {
        let payload = [UInt8](0..<125)
        try await TestServer.run { server in
            let frames = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(
                    frame(0x89, payload: payload) + frame(0x01, text: "Hal") + frame(0x89, text: "b")
                        + frame(0x80, text: "lo"))
                return [await peer.frame(), await peer.frame(), await peer.frame()]
            }
            #expect(
                frames == [
                    RawPeer.Frame(isLast: true, opcode: 10, payload: payload),
                    RawPeer.Frame(isLast: true, opcode: 10, payload: Array("b".utf8)),
                    RawPeer.Frame(isLast: true, opcode: 1, payload: Array("Hallo".utf8)),
                ])
        }
    }

    @Test func `an unsolicited pong is ignored`() async throws {
        try await TestServer.run { server in
            let answer = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x8A, text: "a") + frame(0x81, text: "b"))
                return await peer.frame()
            }
            #expect(answer?.payload == Array("b".utf8))
        }
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1_000])
    func `fragmented messages arrive complete, however they are split`(size: Int) async throws {
        let text = Array(String(repeating: "Grüße €😀 ", count: 60).utf8)
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await TestServer.run { server in
            try await RawPeer.upgrade(at: server.port) { peer in
                for (opcode, whole) in [(UInt8(1), text), (2, bytes)] {
                    var first = opcode
                    for start in stride(from: 0, to: whole.count, by: size) {
                        let end = min(whole.count, start + size)
                        try await peer.send(
                            frame(first | (end == whole.count ? 0x80 : 0), payload: Array(whole[start..<end])))
                        first = 0
                    }
                    #expect(await peer.frame() == RawPeer.Frame(isLast: true, opcode: opcode, payload: whole))
                }
            }
            #expect(await server.message() == WireMessage(kind: .text, bytes: text))
            #expect(await server.message() == WireMessage(kind: .binary, bytes: bytes))
        }
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
    func `a message of any length comes back`(length: Int) async throws {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try await TestServer.run {
            $0.messageBytes = 100_000
        } body: { server in
            let answer = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x82, payload: bytes))
                return await peer.frame()
            }
            #expect(answer?.payload == bytes)
        }
    }

    @Test func `frames byte by byte are frames`() async throws {
        try await TestServer.run { server in
            let answer = try await RawPeer.upgrade(at: server.port) { peer in
                for byte in frame(0x01, text: "Hal") + frame(0x80, text: "lo") { try await peer.send([byte]) }
                return await peer.frame()
            }
            #expect(answer?.payload == Array("Hallo".utf8))
        }
    }

    @Test func `a message sent as soon as the connection is open arrives first`() async throws {
        try await TestServer.run(greeting: .text("welcome")) { server in
            let answer = try await RawPeer.upgrade(at: server.port) { await $0.frame() }
            #expect(answer?.payload == Array("welcome".utf8))
        }
    }

    @Test func `after its own close frame the server sends nothing more`() async throws {
        try await TestServer.run { server in
            let frames = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(
                    frame(0x81, text: "close, please") + frame(0x81, text: "a") + frame(0x89, text: "b")
                        + frame(0x88, payload: closing(1_001)))
                return (await peer.frame(), await peer.rest())
            }
            #expect(frames.0?.closeCode == 1_001)
            // 19 bytes and 52 letters of two bytes each: 123 bytes.
            #expect(frames.0?.closeReason == String(Echo.reason.prefix(19 + 52)))
            #expect(frames.1 == [])
            #expect(await server.end() == .local)
        }
    }

    @Test func `a peer that does not answer the close is disconnected`() async throws {
        try await TestServer.run { server in
            let frames = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x81, text: "close, please"))
                return (await peer.frame(), await peer.rest())
            }
            #expect(frames.0?.closeCode == 1_001)
            #expect(frames.1 == [])
            #expect(await server.end() == .local)
        }
    }

    @Test func `a peer that pings endlessly is closed with 1008`() async throws {
        try await TestServer.run { server in
            let close = try await RawPeer.upgrade(at: server.port) { peer in
                for _ in 0..<300 { try? await peer.send(frame(0x89, text: "ping")) }
                var frame = await peer.frame()
                while let other = frame, other.opcode != 8 { frame = await peer.frame() }
                return frame
            }
            #expect(close?.closeCode == 1_008)
            #expect(close?.payload.dropFirst(2).elementsEqual("too many pings".utf8) == true)
            #expect(await server.end() == .violation(code: 1_008))
        }
    }

    @Test func `a peer that sends too fast is throttled, and loses nothing`() async throws {
        let count = 60
        try await TestServer.run {
            $0.frames = RateLimit(perSecond: 100, burst: 10)
        } body: { server in
            let started = NIODeadline.now()
            let last = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send((0..<count).flatMap { frame(0x82, payload: [UInt8($0)]) })
                var last: RawPeer.Frame?
                for _ in 0..<count { last = await peer.frame() }
                return last
            }
            #expect(last?.payload == [UInt8(count - 1)])
            // Fifty beyond the burst, 10 ms each: sooner than that they cannot have been read.
            #expect(NIODeadline.now() - started >= .milliseconds(480))
        }
    }

    @Test func `input sent before the end is processed completely, although its sender is throttled`() async throws {
        let count = 40
        try await TestServer.run {
            $0.frames = RateLimit(perSecond: 100, burst: 1)
        } body: { server in
            try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send((0..<count).flatMap { frame(0x82, payload: [UInt8($0)]) })
                peer.finish()
            }
            for number in 0..<count {
                #expect(await server.message() == WireMessage(kind: .binary, bytes: [UInt8(number)]))
            }
            #expect(await server.end() == .reset)
        }
    }

    @Test func `input remaining after the deadline is dropped`() async throws {
        try await TestServer.run {
            $0.frames = RateLimit(perSecond: 0.01, burst: 1)
            $0.drain = .milliseconds(50)
        } body: { server in
            try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send((0..<10).flatMap { frame(0x82, payload: [UInt8($0)]) })
                peer.finish()
            }
            #expect(await server.end() == .reset)
        }
    }

    @Test func `a throttled peer still receives its close frame`() async throws {
        try await TestServer.run {
            $0.frames = RateLimit(perSecond: 0.01, burst: 2)
        } body: { server in
            let close = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(
                    frame(0x82, payload: [0]) + frame(0x81, text: "close, please")
                        + (0..<100).flatMap { _ in frame(0x82, payload: [1]) })
                _ = await peer.frame()
                return await peer.frame()
            }
            #expect(close?.closeCode == 1_001)
            #expect(await server.end() == .local)
        }
    }

    @Test func `a close reason is truncated between characters`() async throws {
        let context = String(repeating: "é", count: 100)
        try await TestServer.run { server in
            let close = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x81, text: "close with " + context))
                return await peer.frame()
            }
            #expect(close?.payload == closing(1_001, reason: Array(String(repeating: "é", count: 61).utf8)))
        }
    }

    @Test func `a peer that pings without reading is answered a limited number of times`() async throws {
        let pings = 50_000
        try await TestServer.run {
            $0.controlFrames = RateLimit(perSecond: 1e6, burst: 1e6)
        } body: { server in
            let pongs = try await RawPeer.upgrade(at: server.port) { peer in
                let burst = (0..<1_000).flatMap { _ in frame(0x89, payload: [UInt8](repeating: 0, count: 125)) }
                for _ in 0..<pings / 1_000 { try await peer.send(burst) }
                try await peer.send(frame(0x81, text: "done"))
                _ = await server.message()
                var pongs = 0
                while let frame = await peer.frame(), frame.opcode == 10 { pongs += 1 }
                return pongs
            }
            #expect(pongs < pings)
        }
    }

    /// The ways in which a connection ends.
    static let endings: [[UInt8]] = [
        frame(0x88, payload: closing(1_000)), frame(0xF0), [], frame(0x81, text: "close, please"),
    ]

    @Test(arguments: endings)
    func `nothing is retained of a connection that ended`(ending: [UInt8]) async throws {
        // Timers that nobody stopped would hold on to it for longer than the test may take.
        try await TestServer.run {
            $0.ping = .seconds(300)
            $0.firstMessage = .seconds(300)
        } body: { server in
            for _ in 0..<20 {
                try await RawPeer.upgrade(at: server.port) { peer in
                    try await peer.send(frame(0x82, payload: [1]) + ending)
                    _ = await peer.frame()
                }
            }
            await server.gone(20)
        }
    }

    @Test(arguments: [UInt64](1...8))
    func `random bytes never harm the server`(seed: UInt64) async throws {
        print("WebSocketHandlerTests: seed \(seed)")
        try await TestServer.run {
            $0.messageBytes = Self.messageBytes
        } body: { server in
            for round in 0..<40 {
                var random = SplitMix64(seed: seed &* 1_000 &+ UInt64(round))
                // Half of the rounds begin as frames do, so that the noise gets past the first byte.
                let opening =
                    round.isMultiple(of: 2)
                    ? [] : frame(0x80 | UInt8.random(in: 0..<16, using: &random), payload: random.bytes(60))
                let bytes = opening + random.bytes(2_000)
                _ = try await RawPeer.upgrade(at: server.port) { peer in
                    try await peer.send(bytes)
                    peer.finish()
                    return await peer.rest()
                }
            }
            let answer = try await RawPeer.upgrade(at: server.port) { peer in
                try await peer.send(frame(0x81, text: "still here"))
                return await peer.frame()
            }
            #expect(answer?.payload == Array("still here".utf8))
        }
    }
}
