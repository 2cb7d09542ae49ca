import Foundation
import SidetoneModel
import SidetonePlatforms
import Testing

/// The platforms whose messages are shaped as Twilio's.
enum TwilioShapedPlatforms {
    static let all = PlatformCatalog.all.filter { $0.profile.audio == .base64 }
}

/// What is odd and harmless costs no call, whichever field it is.
@Suite("Leniency of Twilio-shaped dialects") struct TwilioShapedLeniencyTests {
    /// What writers of other languages put where a text or a number is expected.
    static let oddities: [JSONTree] = [
        .null, .flag(true), .flag(false), .number("7"), .number("-7"), .number("7.5"), .number("1e300"),
        .number("123456789012345678901234567890"), .text(""), .text("\u{0}\u{202E}\"\\"), .text("7.0"),
        .text(String(repeating: "x", count: 40_000)), .list([]), .list([.null, .number("1"), .list([])]),
        .object([:]), .object(["a": .list([.object(["b": .flag(false)])])]),
    ]

    private func tree(_ message: WireMessage) throws -> JSONTree {
        try JSONDecoder().decode(JSONTree.self, from: Data(message.bytes))
    }

    /// The events of a message, without remarks; and those.
    private func read(
        _ reader: inout any Dialect, text: String
    ) throws(DialectError) -> (events: [StreamEvent], remarks: [String]) {
        var events: [StreamEvent] = []
        var remarks: [String] = []
        for event in try reader.events(in: .text(text)) {
            if case .remark(let text) = event { remarks.append(text) } else { events.append(event) }
        }
        return (events, remarks)
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `an odd value costs the stream only in an id or the format`(_ dialect: any Dialect.Type) throws {
        var random = SplitMix64(seed: 1)
        var writer = dialect.init()
        var start = EveryPlatformTests.start
        start.customParameters = ["tier": "b"]
        let written = try tree(writer.write(.start(start)))
        let needed: Set<JSONTree> = [.text(start.callID), .text(start.streamID)]
        var harmless = 0
        for leaf in written.leaves + [
            ["start", "customParameters"], ["start", "tracks"], ["added"], ["start", "added"],
        ] {
            let isFormat = leaf.contains("mediaFormat")
            for oddity in Self.oddities where !needed.contains(written[leaf]) && leaf != ["event"] {
                var changed = written
                changed[leaf] = oddity
                let text = changed.text(using: &random)
                var reader: any Dialect = dialect.init()
                do throws(DialectError) {
                    let (events, remarks) = try read(&reader, text: text)
                    guard case .start(let read)? = events.first, events.count == 1 else {
                        Issue.record("\(leaf) as \(oddity) gives \(events)")
                        continue
                    }
                    #expect(
                        read.callID == start.callID && read.streamID == start.streamID && read.format == start.format)
                    #expect(remarks.allSatisfy { $0.utf8.count < 300 })
                    harmless += 1
                } catch {
                    #expect(isFormat && error.isOfStart, "\(leaf) as \(oddity): \(error)")
                }
            }
        }
        #expect(harmless > Self.oddities.count * 5)
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `ids may be numbers`(_ dialect: any Dialect.Type) throws {
        var random = SplitMix64(seed: 2)
        var writer = dialect.init()
        var start = EveryPlatformTests.start
        (start.callID, start.streamID, start.accountID) = ("4711", "98765432109876543210", "-1")
        var changed = try tree(writer.write(.start(start)))
        for leaf in changed.leaves {
            if case .text(let text) = changed[leaf], [start.callID, start.streamID, start.accountID].contains(text) {
                changed[leaf] = .number(text)
            }
        }
        var reader: any Dialect = dialect.init()
        #expect(try read(&reader, text: changed.text(using: &random)).events == [.start(start)])
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `an id that is missing or no id ends the stream with the reason`(_ dialect: any Dialect.Type) throws {
        var random = SplitMix64(seed: 3)
        var writer = dialect.init()
        let written = try tree(writer.write(.start(EveryPlatformTests.start)))
        let oddities: [JSONTree] = [
            .null, .flag(true), .list([]), .object([:]),
        ]
        for oddity in oddities {
            for id in [EveryPlatformTests.start.callID, EveryPlatformTests.start.streamID] {
                var changed = written
                for leaf in written.leaves where written[leaf] == .text(id) { changed[leaf] = oddity }
                var reader: any Dialect = dialect.init()
                do throws(DialectError) {
                    let events = try read(&reader, text: changed.text(using: &random)).events
                    Issue.record("\(oddity) is read as \(events)")
                } catch {
                    #expect(error.isOfStart)
                    #expect(error.detail.contains("Sid'") || error.detail.contains("id"), "\(error)")
                }
            }
        }
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `an id of 256 bytes is an id`(_ dialect: any Dialect.Type) throws {
        var writer = dialect.init()
        var reader = dialect.init()
        var start = EveryPlatformTests.start
        start.callID = String(repeating: "é", count: 128)
        #expect(try reader.events(in: writer.write(.start(start))) == [.start(start)])
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `longer ids are shortened to 256 bytes, and two stay two`(_ dialect: any Dialect.Type) throws {
        var ids: Set<String> = []
        for end in ["a", "b"] {
            var writer = dialect.init()
            var reader = dialect.init()
            var start = EveryPlatformTests.start
            start.callID = String(repeating: "é", count: 150) + end
            guard case .start(let read)? = try reader.events(in: writer.write(.start(start))).first else {
                Issue.record("no start")
                return
            }
            #expect((250...256).contains(read.callID.utf8.count))
            #expect(read.callID.hasPrefix(String(repeating: "é", count: 110)))
            ids.insert(read.callID)
        }
        #expect(ids.count == 2)
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `custom parameters keep 16 KiB, whole ones, and it is said how many are left out`(
        _ dialect: any Dialect.Type
    ) throws {
        var writer = dialect.init()
        var reader: any Dialect = dialect.init()
        var start = EveryPlatformTests.start
        // 10 bytes each, so that 1,638 fit.
        start.customParameters = Dictionary(
            uniqueKeysWithValues: (0..<3_000).map { ("p" + String($0 + 1_000), "éé" + String($0 % 10)) })
        let message = try writer.write(.start(start))
        let (events, remarks) = try read(&reader, text: String(decoding: message.bytes, as: UTF8.self))
        guard case .start(let read)? = events.first else { return #expect(Bool(false), "no start") }
        #expect(read.customParameters.count == 1_638)
        #expect(read.customParameters.allSatisfy { start.customParameters[$0.key] == $0.value })
        #expect(remarks.count == 1)
        #expect(remarks.first?.contains("1362 left out") == true, "\(remarks)")
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `an odd counter costs no audio, and is reported once`(_ dialect: any Dialect.Type) throws {
        var random = SplitMix64(seed: 4)
        var writer = dialect.init()
        let packet = MediaPacket(track: .outbound, sequence: 2, chunk: 1, timestampMs: 40, payload: [1, 2, 3])
        let written = try tree(writer.write(.media(packet)))
        let needed: [JSONTree] = [.text("media"), .text("AQID"), .text("outbound")]
        for leaf in written.leaves where !needed.contains(written[leaf]) {
            var reader: any Dialect = dialect.init()
            var remarks: [String] = []
            for oddity in Self.oddities {
                var changed = written
                changed[leaf] = oddity
                let read = try read(&reader, text: changed.text(using: &random))
                remarks += read.remarks
                guard case .media(let media)? = read.events.first, read.events.count == 1 else {
                    Issue.record("\(leaf) as \(oddity) gives \(read.events)")
                    continue
                }
                #expect(media.payload == packet.payload && media.track == packet.track, "\(leaf) as \(oddity)")
            }
            #expect(remarks.count <= 1)
        }
    }

    @Test(arguments: TwilioShapedPlatforms.all)
    func `a message is read the same however JSON allows it to be written`(_ dialect: any Dialect.Type) throws {
        let seed = UInt64.random(in: 0...(.max))
        print("seed \(seed)")
        var random = SplitMix64(seed: seed)
        var writer = dialect.init()
        let events = EveryPlatformTests.events
        let trees = try events.map { try tree(writer.write($0)) }
        for _ in 0..<200 {
            var reader: any Dialect = dialect.init()
            for (event, tree) in zip(events, trees) {
                let mark = Bool.random(using: &random) ? "\u{FEFF}" : ""
                let text = mark + tree.text(using: &random)
                #expect(try read(&reader, text: text).events == [event], "seed \(seed): \(text)")
            }
        }
    }
}
