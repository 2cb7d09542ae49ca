import Foundation
import SidetoneModel
import SidetonePlatforms
import Testing

/// The captures in Samples/streams: every dialect reads its own, whole.
@Suite struct CapturedStreamTests {
    private struct Line: Decodable { var text: String }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples/streams")

    private func messages(_ dialect: String) throws -> [WireMessage] {
        let data = try Data(contentsOf: Self.folder.appending(path: "\(dialect)/capture.jsonl"))
        return try data.split(separator: UInt8(ascii: "\n")).dropFirst().map {
            .text(try JSONDecoder().decode(Line.self, from: $0).text)
        }
    }

    @Test(arguments: DialectCatalog.all.map { $0.name })
    func `every dialect reads its capture`(name: String) throws {
        let type = try #require(DialectCatalog.named(name))
        var dialect = type.init()
        var counts: [String: Int] = [:]
        for message in try messages(name) {
            for event in try dialect.events(in: message) {
                switch event {
                case .connected: counts["connected", default: 0] += 1
                case .start(let start):
                    counts["start", default: 0] += 1
                    #expect(start.tracks == [.inbound, .outbound])
                    #expect(start.format.sampleRate == 8_000)
                case .media(let packet):
                    counts[packet.track.rawValue, default: 0] += 1
                    #expect(packet.payload.count == 160)
                case .stop: counts["stop", default: 0] += 1
                case .dtmf, .mark, .reply, .remark: counts["other", default: 0] += 1
                }
            }
        }
        // Four seconds of both tracks.
        #expect(counts == ["connected": 1, "start": 1, "inbound": 200, "outbound": 200, "stop": 1])
    }

    @Test(arguments: [("twilio", "twilio"), ("signalwire", "signalwire")])
    func `a capture's opening tells its dialect`(capture: String, dialect: String) throws {
        var detector = DialectDetector()
        var found: String?
        for message in try messages(capture).prefix(DialectDetector.patience) where found == nil {
            found = detector.offer(message)?.name
        }
        #expect(found == dialect)
    }
}
