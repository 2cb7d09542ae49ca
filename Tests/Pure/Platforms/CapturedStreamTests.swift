import Foundation
import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import Testing

/// The captures in Samples/streams: every dialect reads its own, whole.
@Suite struct CapturedStreamTests {
    private struct Line: Decodable {
        var t: Double
        var text: String?
        var binary: Data?

        var message: WireMessage {
            text.map { .text($0) } ?? WireMessage(kind: .binary, bytes: Array(binary ?? Data()))
        }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples/streams")

    private func lines(_ dialect: String) throws -> [Line] {
        let data = try Data(contentsOf: Self.folder.appending(path: "\(dialect)/capture.jsonl"))
        return try data.split(separator: UInt8(ascii: "\n")).dropFirst().compactMap {
            // The last line says how the stream ended.
            let line = try JSONDecoder().decode(Line.self, from: $0)
            return line.text == nil && line.binary == nil ? nil : line
        }
    }

    @Test(arguments: PlatformCatalog.all.map { $0.name })
    func `every dialect reads its capture`(name: String) throws {
        let type = try #require(PlatformCatalog.named(name))
        var dialect = type.init()
        var counts: [String: Int] = [:]
        for line in try lines(name) {
            for event in try dialect.events(in: line.message, arrival: .seconds(line.t)) {
                switch event {
                case .connected: counts["connected", default: 0] += 1
                case .start(let start):
                    counts["start", default: 0] += 1
                    #expect(start.tracks == type.profile.channels.tracks)
                    #expect(start.format.sampleRate == 8_000)
                case .media(let packet):
                    counts[packet.track.rawValue, default: 0] += 1
                    #expect(packet.payload.count == (type.standardFormat.encoding == .l16 ? 320 : 160))
                case .stop: counts["stop", default: 0] += 1
                case .dtmf, .mark, .paused, .resumed, .discarded, .reply, .remark: counts["other", default: 0] += 1
                }
            }
        }
        // Four seconds of every track.
        var expected = ["start": 1]
        if type.profile.carries.contains(.greeting) { expected["connected"] = 1 }
        if type.profile.end == .message { expected["stop"] = 1 }
        for track in type.profile.channels.tracks { expected[track.rawValue] = 200 }
        #expect(counts == expected)
    }

    @Test(arguments: [("twilio", "twilio"), ("signalwire", "signalwire"), ("vonage", "vonage")])
    func `a capture's opening identifies its dialect`(capture: String, dialect: String) throws {
        var detector = DialectDetector()
        var found: String?
        for line in try lines(capture).prefix(DialectDetector.patience) where found == nil {
            found = detector.offer(line.message)?.name
        }
        #expect(found == dialect)
    }
}
