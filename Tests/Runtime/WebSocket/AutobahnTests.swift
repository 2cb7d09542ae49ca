import NIOCore
import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneWebSocket

/// The cases of the Autobahn test suite for servers (https://github.com/crossbario/autobahn-testsuite), groups 1 to 7 and
/// 10, by their numbers: an echo server, and what it must answer by RFC 6455. Groups 9 (load) and 12, 13 (compression,
/// which is not negotiated) are not here.
@Suite(.timeLimit(.minutes(1))) struct AutobahnTests {
    /// What a case sends, and which frames must come back before the connection ends.
    struct Case: Sendable, CustomTestStringConvertible {
        var number: String
        var bytes: [UInt8]
        /// Bytes per write; 0 writes all at once.
        var chop = 0
        /// Messages and pongs that must come back: opcode and payload.
        var answers: [[UInt8]] = []
        /// The code of the close frame that follows.
        var code: Int
        var testDescription: String { "case \(number)" }

        init(_ number: String, _ bytes: [UInt8], chop: Int = 0, _ answers: [[UInt8]] = [], code: Int = 1_000) {
            self.number = number
            self.bytes = bytes
            self.chop = chop
            self.answers = answers
            self.code = code
        }
    }

    private static let bye = frame(0x88, payload: closing(1_000))
    private static func text(_ payload: [UInt8]) -> [UInt8] { [1] + payload }
    private static func text(_ payload: String) -> [UInt8] { [1] + Array(payload.utf8) }
    private static func pong(_ payload: [UInt8]) -> [UInt8] { [10] + payload }

    // MARK: 1 framing

    static let framing: [Case] = [0, 125, 126, 127, 128, 65_535, 65_536, 65_536].enumerated().flatMap {
        index, length -> [Case] in
        let letters = [UInt8](repeating: 0x2A, count: length)
        let bytes = [UInt8](repeating: 0xFE, count: length)
        let chop = index == 7 ? 997 : 0
        return [
            Case("1.1.\(index + 1)", frame(0x81, payload: letters) + bye, chop: chop, [text(letters)]),
            Case("1.2.\(index + 1)", frame(0x82, payload: bytes) + bye, chop: chop, [[2] + bytes]),
        ]
    }

    // MARK: 2 pings and pongs

    static let pings: [Case] = {
        let odd: [UInt8] = [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF]
        let longest = [UInt8](repeating: 0xFE, count: 125)
        let ten = (0..<10).map { Array("payload-\($0)".utf8) }
        return [
            Case("2.1", frame(0x89) + bye, [pong([])]),
            Case("2.2", frame(0x89, text: "Hello, world!") + bye, [pong(Array("Hello, world!".utf8))]),
            Case("2.3", frame(0x89, payload: odd) + bye, [pong(odd)]),
            Case("2.4", frame(0x89, payload: longest) + bye, [pong(longest)]),
            Case("2.5", frame(0x89, payload: longest + [0xFE]), code: 1_002),
            Case("2.6", frame(0x89, payload: longest) + bye, chop: 1, [pong(longest)]),
            Case("2.7", frame(0x8A) + bye),
            Case("2.8", frame(0x8A, text: "unsolicited") + bye),
            Case("2.9", frame(0x8A, text: "unsolicited") + frame(0x89, text: "ping") + bye, [pong(Array("ping".utf8))]),
            Case("2.10", ten.flatMap { frame(0x89, payload: $0) } + bye, ten.map { pong($0) }),
            Case("2.11", ten.flatMap { frame(0x89, payload: $0) } + bye, chop: 1, ten.map { pong($0) }),
        ]
    }()

    // MARK: 3 reserved bits, 4 opcodes

    static let reserved: [Case] = {
        let first = frame(0x81, text: "Hello")
        return [
            Case("3.1", frame(0x91, text: "Hello"), code: 1_002),
            Case("3.2", first + frame(0xA1, text: "Hello") + frame(0x89), [text("Hello")], code: 1_002),
            Case("3.3", first + frame(0xB1, text: "Hello") + frame(0x89), chop: 11, [text("Hello")], code: 1_002),
            Case("3.4", first + frame(0xC1, text: "Hello") + frame(0x89), chop: 1, [text("Hello")], code: 1_002),
            Case("3.5", frame(0xD2, payload: [0, 0xFF]), code: 1_002),
            Case("3.6", frame(0xE9, text: "Hello"), code: 1_002),
            Case("3.7", frame(0xF8, payload: closing(1_000)), code: 1_002),
        ]
            + [(1, [3, 4, 5, 6, 7]), (2, [11, 12, 13, 14, 15])].flatMap { group, opcodes -> [Case] in
                opcodes.enumerated().map { index, opcode in
                    let payload = index % 3 == 0 ? "" : "reserved opcode payload"
                    let bytes = frame(0x80 | UInt8(opcode), text: payload) + frame(0x89)
                    return index < 2
                        ? Case("4.\(group).\(index + 1)", bytes, code: 1_002)
                        : Case(
                            "4.\(group).\(index + 1)", first + bytes, chop: index == 4 ? 1 : 0, [text("Hello")],
                            code: 1_002)
                }
            }
    }()

    // MARK: 5 fragments

    static let fragments: [Case] = {
        let (one, two) = (frame(0x01, text: "fragment1"), frame(0x80, text: "fragment2"))
        let whole = text("fragment1fragment2")
        let ping = frame(0x89, text: "ping payload")
        let answer = pong(Array("ping payload".utf8))
        let hello = frame(0x81, text: "Hello, world!")
        var cases = [
            Case("5.1", frame(0x09, text: "fragment1") + two, code: 1_002),
            Case("5.2", frame(0x0A, text: "fragment1") + two, code: 1_002),
        ]
        for (index, chop) in [0, 15, 1].enumerated() {
            cases += [
                Case("5.\(3 + index)", one + two + bye, chop: chop, [whole]),
                Case("5.\(6 + index)", one + ping + two + bye, chop: chop, [answer, whole]),
                Case("5.\(9 + index)", frame(0x80, text: "nothing to continue") + hello, chop: chop, code: 1_002),
                Case("5.\(12 + index)", frame(0x00, text: "nothing to continue") + hello, chop: chop, code: 1_002),
            ]
        }
        let five = (1...5).map { frame($0 == 1 ? 0x01 : $0 == 5 ? 0x80 : 0x00, text: "fragment\($0)") }
        let mixed =
            five[0] + five[1] + frame(0x89, text: "pong 1") + five[2] + five[3] + frame(0x89, text: "pong 2") + five[4]
        let all = text("fragment1fragment2fragment3fragment4fragment5")
        let pongs = [pong(Array("pong 1".utf8)), pong(Array("pong 2".utf8))]
        return cases + [
            Case(
                "5.15", one + two + frame(0x00, text: "fragment3") + frame(0x81, text: "fragment4"), [whole],
                code: 1_002),
            Case(
                "5.16",
                frame(0x00, text: "fragment1") + frame(0x01, text: "fragment2") + frame(0x80, text: "fragment3"),
                code: 1_002),
            Case(
                "5.17",
                frame(0x80, text: "fragment1") + frame(0x01, text: "fragment2") + frame(0x80, text: "fragment3"),
                code: 1_002),
            Case("5.18", one + frame(0x81, text: "fragment2"), code: 1_002),
            Case("5.19", mixed + bye, chop: 40, pongs + [all]),
            Case("5.20", mixed + bye, chop: 1, pongs + [all]),
        ]
    }()

    // MARK: 6 UTF-8

    /// With the ό of three bytes that the suite has.
    static let kosme = Array("\u{3BA}\u{1F79}\u{3C3}\u{3BC}\u{3B5}".utf8)

    /// After the plan of Markus Kuhn's UTF-8 decoder stress test, which the suite follows.
    static let validTexts: [(section: String, texts: [[UInt8]])] = [
        ("6.5", ["hello$world", "hello¢world", "hello€world", "hello𤭢world"].map { Array($0.utf8) } + [kosme]),
        ("6.6", [2, 5, 7, 9, 11].map { Array(kosme.prefix($0)) }),
        ("6.7", [[0x00], [0xC2, 0x80], [0xE0, 0xA0, 0x80], [0xF0, 0x90, 0x80, 0x80]]),
        ("6.9", [[0x7F], [0xDF, 0xBF], [0xEF, 0xBF, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF]]),
        ("6.11", [[0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBD], [0xF4, 0x8F, 0xBF, 0xBF]]),
        // U+nFFFE and U+nFFFF of every plane: characters that mean nothing, and valid UTF-8.
        ("6.22", (0...16).flatMap { plane in [0xFFFE, 0xFFFF].map { encoded(plane << 16 | $0) } }),
        ("6.23", (0xFFF9...0xFFFF).map { encoded($0) }),
    ]

    static let invalidTexts: [(section: String, texts: [[UInt8]])] = [
        // Prefixes that end within a letter.
        ("6.6", [1, 3, 4, 6, 8, 10].map { Array(kosme.prefix($0)) }),
        ("6.8", [[0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]]),
        ("6.10", [[0xF7, 0xBF, 0xBF, 0xBF], [0xFB, 0xBF, 0xBF, 0xBF, 0xBF], [0xFD, 0xBF, 0xBF, 0xBF, 0xBF, 0xBF]]),
        ("6.11", [[0xF4, 0x90, 0x80, 0x80]]),
        (
            "6.12",
            [[0x80], [0xBF]] + (2...6).map { count in (0..<count).map { $0 % 2 == 0 ? 0x80 : 0xBF } }
                + [Array(0x80...0xBF)]
        ),
        (
            "6.13",
            [0xC0...0xDF, 0xE0...0xEF, 0xF0...0xF7, 0xF8...0xFB, 0xFC...0xFD].map { $0.flatMap { [$0, 0x20] } }
        ),
        ("6.14", incomplete), ("6.15", [Array(incomplete.joined())]),
        ("6.16", [[0xFE], [0xFF], [0xFE, 0xFE, 0xFF, 0xFF]]),
        ("6.17", (2...5).map { overlong(0x2F, bytes: $0) } + [overlong(0x2F, bytes: 6)]),
        (
            "6.18",
            [(0x7F, 2), (0x7FF, 3), (0xFFFF, 4), (0x1F_FFFF, 5), (0x3FF_FFFF, 6)].map { overlong($0, bytes: $1) }
        ),
        ("6.19", (2...6).map { overlong(0, bytes: $0) }),
        ("6.20", [0xD800, 0xDB7F, 0xDB80, 0xDBFF, 0xDC00, 0xDF80, 0xDFFF].map { encoded($0) }),
        (
            "6.21",
            [0xD800, 0xDB7F, 0xDB80, 0xDBFF].flatMap { high in
                [0xDC00, 0xDFFF].map { encoded(high) + encoded($0) }
            }
        ),
    ]

    /// The first and the last letter of each length without its last byte.
    private static let incomplete: [[UInt8]] = (2...6).flatMap { count in
        [overlong(0, bytes: count), overlong((1 << (count == 2 ? 11 : 5 * count + 1)) - 1, bytes: count)]
            .map { Array($0.dropLast()) }
    }

    /// The bits of a code point in as many bytes as the scheme of UTF-8 has for it, valid or not.
    private static func encoded(_ point: Int) -> [UInt8] {
        overlong(point, bytes: point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4)
    }

    private static func overlong(_ point: Int, bytes count: Int) -> [UInt8] {
        guard count > 1 else { return [UInt8(point)] }
        let lead = (0xFF << (8 - count)) & 0xFF
        return [UInt8(lead | point >> (6 * (count - 1)))]
            + (1..<count).map { UInt8(0x80 | point >> (6 * (count - 1 - $0)) & 0x3F) }
    }

    static let utf8: [Case] = {
        let greek = kosme
        let broken = greek + [0xED, 0xA0, 0x80] + Array("edited".utf8)
        let beyond: [UInt8] = greek + [0xF4, 0x90, 0x80, 0x80] + Array("edited".utf8)
        func cut(_ bytes: [UInt8], at place: Int) -> [UInt8] {
            frame(0x01, payload: Array(bytes[..<place])) + frame(0x80, payload: Array(bytes[place...]))
        }
        func each(_ bytes: [UInt8]) -> [UInt8] {
            bytes.enumerated().flatMap { frame($0.offset == 0 ? 0x01 : 0x00, payload: [$0.element]) } + frame(0x80)
        }
        let umlauts = Array("Hello-µ@ßöäüàá-UTF-8!!".utf8)
        let early = [
            Case("6.1.1", frame(0x81) + bye, [text("")]),
            Case("6.1.2", frame(0x01) + frame(0x00) + frame(0x80) + bye, [text("")]),
            Case("6.1.3", frame(0x01) + frame(0x00, text: "middle") + frame(0x80) + bye, [text("middle")]),
            Case("6.2.1", frame(0x81, payload: umlauts) + bye, [text(umlauts)]),
            Case("6.2.2", cut(umlauts, at: 8) + bye, [text(umlauts)]),
            Case("6.2.3", each(umlauts) + bye, [text(umlauts)]), Case("6.2.4", each(greek) + bye, [text(greek)]),
            Case("6.3.1", frame(0x81, payload: broken), code: 1_007), Case("6.3.2", each(broken), code: 1_007),
            Case("6.4.1", cut(beyond, at: 11), code: 1_007), Case("6.4.2", cut(beyond, at: 12), code: 1_007),
            Case("6.4.3", frame(0x81, payload: beyond), chop: 17, code: 1_007),
            Case("6.4.4", frame(0x81, payload: beyond), chop: 1, code: 1_007),
        ]
        let valid = validTexts.flatMap { section, texts in
            texts.enumerated().map {
                Case("\(section) valid \($0.offset)", frame(0x81, payload: $0.element) + bye, [text($0.element)])
            }
        }
        let invalid = invalidTexts.flatMap { section, texts in
            texts.enumerated().map {
                Case("\(section) invalid \($0.offset)", frame(0x81, payload: $0.element), code: 1_007)
            }
        }
        return early + valid + invalid
    }()

    // MARK: 7 closing, 10 fragments of other sizes

    static let closes: [Case] = {
        let hello = frame(0x81, text: "Hello World!")
        let large = [UInt8](repeating: 0x2A, count: 256 * 1_024)
        let reason = [UInt8](repeating: 0x2A, count: 123)
        let valid = [1_000, 1_001, 1_002, 1_003, 1_007, 1_008, 1_009, 1_010, 1_011, 3_000, 3_999, 4_000, 4_999]
        let invalid = [0, 999, 1_004, 1_005, 1_006, 1_016, 1_100, 2_000, 2_999]
        let long = [UInt8](repeating: 0x2A, count: 65_536)
        let pieces = stride(from: 0, to: long.count, by: 1_300).flatMap { start in
            let end = min(long.count, start + 1_300)
            return frame((start == 0 ? 0x01 : 0x00) | (end == long.count ? 0x80 : 0), payload: Array(long[start..<end]))
        }
        let fixed = [
            Case("7.1.1", hello + bye, [text("Hello World!")]), Case("7.1.2", bye + bye),
            Case("7.1.3", bye + frame(0x89)), Case("7.1.4", bye + hello),
            Case("7.1.5", frame(0x01, text: "fragment1") + bye + frame(0x80, text: "fragment2")),
            Case(
                "7.1.6", frame(0x81, payload: large) + hello + bye + frame(0x89), [text(large), text("Hello World!")]),
            Case("7.3.1", frame(0x88)), Case("7.3.2", frame(0x88, payload: [0x61]), code: 1_002), Case("7.3.3", bye),
            Case("7.3.4", frame(0x88, payload: closing(1_000, reason: Array("Hello World!".utf8)))),
            Case("7.3.5", frame(0x88, payload: closing(1_000, reason: reason))),
            Case("7.3.6", frame(0x88, payload: closing(1_000, reason: reason + [0x2A])), code: 1_002),
            Case("7.5.1", frame(0x88, payload: closing(1_000, reason: [0xCE, 0xBA, 0xED, 0xA0, 0x80])), code: 1_007),
            Case("7.13.1", frame(0x88, payload: closing(5_000)), code: 1_002),
            Case("7.13.2", frame(0x88, payload: closing(65_535)), code: 1_002),
            Case("10.1.1", pieces + bye, [text(long)]),
        ]
        return fixed
            + valid.enumerated().map {
                Case("7.7.\($0.offset + 1)", frame(0x88, payload: closing($0.element)), code: $0.element)
            }
            + invalid.enumerated().map {
                Case("7.9.\($0.offset + 1)", frame(0x88, payload: closing($0.element)), code: 1_002)
            }
    }()

    @Test(arguments: framing + pings + reserved + fragments + utf8 + closes)
    func `the server answers as RFC 6455 asks`(_ case: Case) async throws {
        try await TestServer.run {
            // The longest message of the suite.
            $0.messageBytes = 256 * 1_024
        } body: { server in
            let (answers, close, rest) = try await RawPeer.upgrade(at: server.port) { peer in
                let step = `case`.chop > 0 ? `case`.chop : `case`.bytes.count
                for start in stride(from: 0, to: `case`.bytes.count, by: step) {
                    // Whoever has failed the connection already takes no more.
                    do { try await peer.send(Array(`case`.bytes[start..<min(start + step, `case`.bytes.count)])) } catch
                    {
                        break
                    }
                }
                var answers: [[UInt8]] = []
                var next = await peer.frame()
                while let frame = next, frame.opcode != 8 {
                    answers.append([frame.opcode] + frame.payload)
                    next = await peer.frame()
                }
                return (answers, next?.closeCode, await peer.rest())
            }
            #expect(answers == `case`.answers)
            #expect(close == `case`.code)
            #expect(rest == [])
        }
    }
}
