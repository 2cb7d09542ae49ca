import Foundation
import SidetoneCodecs
import SidetoneModel
import SidetoneTracks
import Testing

/// A codec that remembers: what is missing is concealed by its own means, what is no packet is refused and counted.
@Suite struct OpusTrackTests {
    /// A second of a tone in packets of 20 ms.
    private func packets() throws -> [MediaPacket] {
        var codec = try Opus(sampleRate: 8_000)
        return (0..<50).map { n in
            let sound = (0..<160).map { Int16(12_000 * sin(2 * Double.pi * 300 * Double(160 * n + $0) / 8_000)) }
            var payload: [UInt8] = []
            codec.encode(sound[...], into: &payload)
            return MediaPacket(
                track: .inbound, sequence: Int64(n + 2), chunk: Int64(n + 1), timestampMs: Int64(20 * n),
                payload: payload)
        }
    }

    @Test func `garbage and losses are concealed at their positions, reported and counted`() throws {
        var clock = MediaClock(sampleRate: 8_000, maxSkewMs: 2_000)
        var timeline = JitterBuffer(
            role: .inbound, settings: TimelineSettings(), codec: try Opus(sampleRate: 8_000), sampleRate: 8_000,
            clock: clock)
        var packets = try packets()
        packets[20].payload = [0x7B, 0x3F]
        packets.remove(at: 30)
        var samples: [Int16] = []
        var gaps: [Gap] = []
        let take: (JitterBuffer.Output) -> Void = { output in
            switch output {
            case .samples(_, let new): samples += new
            case .silence(_, let count): samples += [Int16](repeating: 0, count: Int(count))
            case .gap(let gap): gaps.append(gap)
            case .jump: break
            }
        }
        for packet in packets { timeline.accept(packet, clock: &clock, emit: take) }
        timeline.finish(clock: &clock, take)
        #expect(samples.count == 8_000)
        #expect(gaps.map(\.first) == [3_200, 4_800])
        #expect(gaps.map(\.count) == [160, 160])
        #expect(timeline.counters.oddBytes == 2)
        #expect(timeline.counters.gaps == 2)
        // The tone goes on where packets are missing.
        for first in [3_200, 4_800] {
            #expect(samples[first..<first + 160].contains { abs(Int($0)) > 3_000 })
        }
    }
}
