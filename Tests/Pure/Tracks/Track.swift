import SidetoneCodecs
import SidetoneModel
import SidetoneTracks

/// A timeline under test with all that it gave.
struct Track {
    private(set) var timeline: TrackTimeline
    private(set) var samples: [Int16] = []
    private(set) var gaps: [Gap] = []
    /// Whether every piece began where the one before it ended.
    private(set) var isContinuous = true

    /// - Parameter sampleRate: of L16, so that every sample tells where it belongs.
    init(_ settings: TimelineSettings = TimelineSettings(), sampleRate: Int = 8_000, originMs: Int64 = 0) {
        timeline = TrackTimeline(
            settings: settings, codec: L16(sampleRate: sampleRate), sampleRate: sampleRate, originMs: originMs)
    }

    var counters: TrackCounters { timeline.counters }

    mutating func accept(_ packets: [MediaPacket]) {
        for packet in packets { timeline.accept(packet) { Self.take($0, &samples, &gaps, &isContinuous) } }
    }

    mutating func finish() { timeline.finish { Self.take($0, &samples, &gaps, &isContinuous) } }

    private static func take(
        _ output: TrackTimeline.Output, _ samples: inout [Int16], _ gaps: inout [Gap], _ isContinuous: inout Bool
    ) {
        switch output {
        case .samples(let first, let new):
            if first != Int64(samples.count) { isContinuous = false }
            samples.append(contentsOf: new)
        case .gap(let gap):
            if gap.first != Int64(samples.count) || gap.count <= 0 { isContinuous = false }
            gaps.append(gap)
        }
    }
}

/// A sample that tells its place, never 0.
func sample(at place: Int) -> Int16 { Int16(place % 30_000 + 1) }

/// Packets of `size` samples each, as a platform sends them: numbered from 1, with timestamps in whole milliseconds.
func packets(_ count: Int, of size: Int, from firstPlace: Int = 0, sampleRate: Int = 8_000) -> [MediaPacket] {
    (0..<count).map { n in
        let place = firstPlace + n * size
        var payload: [UInt8] = []
        L16(sampleRate: sampleRate).encode((place..<place + size).map(sample(at:))[...], into: &payload)
        return MediaPacket(
            track: .inbound, sequence: Int64(n + 2), chunk: Int64(n + 1),
            timestampMs: Int64(place) * 1_000 / Int64(sampleRate), payload: payload)
    }
}

func samples(_ range: Range<Int>) -> [Int16] { range.map(sample(at:)) }
