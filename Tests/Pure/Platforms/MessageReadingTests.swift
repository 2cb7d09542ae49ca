import Foundation
import SidetoneModel
import SidetonePlatforms
import Testing

/// Media messages of chance, read here and by Foundation's JSON reader.
@Suite struct MessageReadingTests {
    private static let payloads: [String] = [
        "", "AA==", "AAA=", "AAAA", "+/+/", "//////////8=", "abcdefghABCDEFGH0189+/==", "gICA",
    ]

    private func value(using random: inout SplitMix64, depth: Int = 0) -> JSONTree {
        switch Int.random(in: 0..<(depth < 3 ? 9 : 6), using: &random) {
        case 0: .null
        case 1: .flag(Bool.random(using: &random))
        case 2: .number("\(Int.random(in: 0...100_000, using: &random))")
        case 3:
            .number(["0", "-0", "1.5", "20.0", "2e1", "1E-2", "123456789012345"].randomElement(using: &random) ?? "0")
        case 4: .text(["inbound", "outbound", "media", "start", "20", "20.0", ""].randomElement(using: &random) ?? "")
        case 5: .text(["é😀", "a\"b\\c/d\n", "\u{1F600}\u{0}", "{[,:]}"].randomElement(using: &random) ?? "")
        case 6: .list((0..<Int.random(in: 0...3, using: &random)).map { _ in value(using: &random, depth: depth + 1) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0...3, using: &random)).map { _ in
                        (
                            ["event", "media", "payload", "track", "x", ""].randomElement(using: &random) ?? "",
                            value(using: &random, depth: depth + 1)
                        )
                    }, uniquingKeysWith: { $1 }))
        }
    }

    private func message(using random: inout SplitMix64) -> JSONTree {
        var media: [String: JSONTree] = ["payload": .text(Self.payloads.randomElement(using: &random) ?? "")]
        if Bool.random(using: &random) { media["track"] = .text(Bool.random(using: &random) ? "inbound" : "outbound") }
        for name in ["chunk", "timestamp"] where Bool.random(using: &random) { media[name] = counter(using: &random) }
        if Bool.random(using: &random) { media["é\"/"] = value(using: &random) }
        var message: [String: JSONTree] = ["event": .text("media"), "media": .object(media)]
        if Bool.random(using: &random) { message["sequenceNumber"] = counter(using: &random) }
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            message[["streamSid", "x", "start", "dtmf"].randomElement(using: &random) ?? "x"] = value(using: &random)
        }
        return .object(message)
    }

    private func counter(using random: inout SplitMix64) -> JSONTree {
        let number = Int.random(in: 0...1_000_000, using: &random)
        let literal =
            [
                "\(number)", "\(number).0", "\(number).000", "\(number)e0", "\(number)0E-1", "\(number)e+2",
            ].randomElement(using: &random) ?? "0"
        return Bool.random(using: &random) ? .text(literal) : .number(literal)
    }

    /// What Foundation makes of a counter.
    private func counter(_ value: Any?) -> Int64? {
        if let number = value as? NSNumber { return Int64(exactly: number.doubleValue) }
        return (value as? String).flatMap { Double($0) }.flatMap { Int64(exactly: $0) }
    }

    @Test func `a media message means what another reader of JSON reads in it`() throws {
        let seed = UInt64.random(in: 0...(.max))
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var dialect = Twilio()
        for _ in 0..<4_000 {
            let text = message(using: &random).text(using: &random)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "seed \(seed): \(text)")
            let media = try #require(object["media"] as? [String: Any])
            let payload = try #require(media["payload"] as? String)
            let expected = MediaPacket(
                track: (media["track"] as? String).flatMap { TrackRole(rawValue: $0) } ?? .inbound,
                sequence: counter(object["sequenceNumber"]), chunk: counter(media["chunk"]),
                timestampMs: counter(media["timestamp"]),
                payload: Array(try #require(Data(base64Encoded: payload))))
            #expect(try dialect.events(in: .text(text)) == [.media(expected)], "seed \(seed): \(text)")
        }
    }

    /// Members and how often each is written.
    @Test(arguments: ["event", "media", "media.payload", "media.track", "media.chunk", "media.timestamp"])
    func `a key that is read and comes twice is refused, however it is escaped`(key: String) throws {
        var random = SplitMix64(seed: 5)
        let members: [(String, String)] = [
            ("track", #""inbound""#), ("chunk", "1"), ("timestamp", "20"), ("payload", #""AA==""#),
        ]
        for _ in 0..<50 {
            var dialect = Twilio()
            func name(_ name: String) -> String { JSONTree.text(name).text(using: &random) }
            var inside = members.map { name($0.0) + ":" + $0.1 }
            for (member, value) in members where "media." + member == key { inside.append(name(member) + ":" + value) }
            let media = "{" + inside.shuffled(using: &random).joined(separator: ",") + "}"
            var outside = [name("event") + #":"media""#, name("media") + ":" + media]
            if key == "event" { outside.append(name("event") + #":"media""#) }
            if key == "media" { outside.append(name("media") + ":" + media) }
            let text = "{" + outside.shuffled(using: &random).joined(separator: ",") + "}"
            do {
                let events = try dialect.events(in: .text(text))
                Issue.record("\(text) is read as \(events)")
            } catch { #expect(error.detail == "the key '\(key)' is duplicated", "\(text)") }
        }
    }

    @Test func `half a surrogate pair costs no message`() throws {
        var dialect = Twilio()
        let text = #"""
            {"event":"start","streamSid":"MZ1","start":{"callSid":"CA1","streamSid":"MZ1",
             "customParameters":{"name":"a\ud83d","other\udc00":"\ud83d\u0041","whole":"\ud83d\ude00"},
             "mediaFormat":{"encoding":"audio\/x-mulaw","sampleRate":8000,"channels":1}}}
            """#
        guard case .start(let start)? = try dialect.events(in: .text(text)).first else {
            Issue.record("no start")
            return
        }
        #expect(
            start.customParameters == ["name": "a\u{FFFD}", "other\u{FFFD}": "\u{FFFD}A", "whole": "\u{1F600}"])
    }
}
