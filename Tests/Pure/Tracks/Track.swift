import SidetoneCodecs
import SidetoneModel
import SidetoneTracks
import Testing

/// A timeline under test with all that it gave.
struct Track {
    private(set) var timeline: JitterBuffer
    /// The call clock; the other track's end is set by the test.
    var clock: MediaClock
    private(set) var samples: [Int16] = []
    private(set) var gaps: [Gap] = []
    private(set) var jumps: [ClockJump] = []
    /// The longest run of silence that left at once.
    private(set) var longestRun: Int64 = 0
    /// Whether every piece began where the one before it ended.
    private(set) var isContinuous = true

    /// - Parameters:
    ///   - sampleRate: of L16, so that every sample tells where it belongs.
    ///   - firstTimestampMs: of the stream's first packet.
    init(
        _ settings: TimelineSettings = TimelineSettings(), sampleRate: Int = 8_000, firstTimestampMs: Int64? = nil,
        clock: MediaClock? = nil
    ) {
        self.clock = clock ?? MediaClock(sampleRate: sampleRate, maxSkewMs: 2_000)
        self.clock.start(firstTimestampMs: firstTimestampMs)
        timeline = JitterBuffer(
            role: .inbound, settings: settings, codec: L16(sampleRate: sampleRate), sampleRate: sampleRate,
            clock: self.clock)
    }

    var counters: TrackCounters { timeline.counters }

    mutating func accept(_ packets: [MediaPacket], arrivals: [Double]? = nil) {
        for (n, packet) in packets.enumerated() {
            drive { timeline, clock, take in timeline.accept(packet, arrival: arrivals?[n], clock: &clock, emit: take) }
            while timeline.silenceLeft > 0 { proceed() }
        }
    }

    /// Accepts packets, and emits no silence but the first slice of each call.
    mutating func acceptLazily(_ packets: [MediaPacket]) {
        for packet in packets {
            drive { timeline, clock, take in timeline.accept(packet, clock: &clock, emit: take) }
        }
    }

    mutating func proceed() { drive { timeline, clock, take in timeline.proceed(clock: &clock, take) } }

    mutating func advance(to target: Int64) {
        drive { timeline, clock, take in timeline.advance(to: target, clock: &clock, take) }
    }

    mutating func finish() { drive { timeline, clock, take in timeline.finish(clock: &clock, take) } }

    private mutating func drive(
        _ work: (inout JitterBuffer, inout MediaClock, (JitterBuffer.Output) -> Void) -> Void
    ) {
        var (samples, gaps, jumps, longestRun, isContinuous) = (samples, gaps, jumps, longestRun, isContinuous)
        self.samples = []
        work(&timeline, &clock) { output in
            switch output {
            case .samples(let first, let new):
                if first != Int64(samples.count) { isContinuous = false }
                samples.append(contentsOf: new)
            case .silence(let first, let count):
                if first != Int64(samples.count) || count <= 0 { isContinuous = false }
                longestRun = max(longestRun, count)
                samples.append(contentsOf: repeatElement(0, count: Int(count)))
            case .gap(let gap):
                if gap.first > Int64(samples.count) || gap.count <= 0 { isContinuous = false }
                gaps.append(gap)
            case .jump(let jump): jumps.append(jump)
            }
        }
        (self.samples, self.gaps, self.jumps) = (samples, gaps, jumps)
        (self.longestRun, self.isContinuous) = (longestRun, isContinuous)
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

/// The track that packets give, checked to be continuous.
func track(_ packets: [MediaPacket], settings: TimelineSettings = TimelineSettings()) -> Track {
    var track = Track(settings)
    track.accept(packets)
    track.finish()
    #expect(track.isContinuous)
    #expect(track.timeline.next == Int64(track.samples.count))
    return track
}

/// Packets whose clock differs by so many milliseconds.
func shifted(_ packets: [MediaPacket], byMs shift: Int64) -> [MediaPacket] {
    packets.map { packet in
        var packet = packet
        packet.timestampMs = packet.timestampMs.map { $0 + shift }
        return packet
    }
}
