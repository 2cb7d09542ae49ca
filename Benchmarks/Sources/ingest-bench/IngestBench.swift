import Foundation
import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import SidetoneTracks

/// Media messages a second on one core: from the bytes of a WebSocket message to frames, without DSP; beside them the
/// same work done with JSONDecoder and Data(base64Encoded:), the way most receivers are written.
@main
struct IngestBench {
    private struct Message: Decodable {
        struct Media: Decodable {
            var track: String
            var chunk: String
            var timestamp: String
            var payload: String
        }
        var event: String
        var media: Media?
    }

    static func main() throws {
        let count = 20_000
        var writer = Twilio()
        let messages = try (0..<count).map { number in
            try writer.write(
                .media(
                    MediaPacket(
                        track: .inbound, sequence: Int64(number) + 2, chunk: Int64(number) + 1,
                        timestampMs: Int64(number) * 20,
                        payload: (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) })))
        }
        let ours = try best { try ingest(messages) }
        let parsed = try best { try parse(messages) }
        let foundation = try best { try decode(messages) }
        let rate = { (seconds: Double) in Int(Double(count) / seconds) }
        print(
            "ingest (JSON to frames)\t\(rate(ours)) messages/s per core\t\(fixed(foundation / ours)) x JSONDecoder + Data(base64)"
        )
        print(
            "parse alone\t\(rate(parsed)) messages/s per core\t\(fixed(foundation / parsed)) x JSONDecoder + Data(base64)"
        )
        print("JSONDecoder + Data(base64)\t\(rate(foundation)) messages/s per core\t1.0")
    }

    private static func ingest(_ messages: [WireMessage]) throws -> Int {
        var dialect = Twilio()
        var clock = MediaClock(sampleRate: 8_000, maxSkewMs: 2_000)
        var timeline = JitterBuffer(
            role: .inbound, settings: TimelineSettings(), codec: PCMU(sampleRate: 8_000), sampleRate: 8_000,
            clock: clock)
        var framer = Framer(grid: FrameGrid(sampleRate: 8_000))
        var frames = 0
        for message in messages {
            try dialect.read(message, arrival: .zero) { event in
                guard case .media(let packet) = event else { return }
                timeline.accept(packet, clock: &clock) { output in
                    if case .samples(_, let samples) = output { framer.push(samples) { _ in frames += 1 } }
                }
            }
        }
        return frames
    }

    private static func parse(_ messages: [WireMessage]) throws -> Int {
        var dialect = Twilio()
        var bytes = 0
        for message in messages {
            try dialect.read(message, arrival: .zero) { if case .media(let packet) = $0 { bytes += packet.payload.count } }
        }
        return bytes
    }

    private static func decode(_ messages: [WireMessage]) throws -> Int {
        let decoder = JSONDecoder()
        var bytes = 0
        for message in messages {
            let decoded = try decoder.decode(Message.self, from: Data(message.bytes))
            bytes += decoded.media.flatMap { Data(base64Encoded: $0.payload)?.count } ?? 0
        }
        return bytes
    }

    /// The least CPU time of five passes, in seconds.
    private static func best(_ work: () throws -> Int) throws -> Double {
        var least = Double.infinity
        for _ in 0..<5 {
            let start = clock()
            guard try work() > 0 else { continue }
            least = min(least, Double(clock() - start) / Double(CLOCKS_PER_SEC))
        }
        return least
    }

    private static func fixed(_ value: Double) -> String { String(format: "%.1f", value) }
}
