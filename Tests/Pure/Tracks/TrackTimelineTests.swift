import SidetoneModel
import SidetoneTestSignals
import SidetoneTracks
import Testing

@Suite struct TrackTimelineTests {
    private func track(_ packets: [MediaPacket], _ settings: TimelineSettings = TimelineSettings()) -> Track {
        var track = Track(settings)
        track.accept(packets)
        track.finish()
        #expect(track.isContinuous)
        #expect(track.timeline.next == Int64(track.samples.count))
        return track
    }

    private func shifted(_ packets: [MediaPacket], byMs shift: Int64) -> [MediaPacket] {
        packets.map { packet in
            var packet = packet
            packet.timestampMs = packet.timestampMs.map { $0 + shift }
            return packet
        }
    }

    // MARK: In order

    @Test(arguments: [1, 7, 80, 160, 1_600])
    func `a track is the same wherever its packets were cut`(size: Int) {
        let track = track(packets(11_200 / size, of: size))
        #expect(track.samples == samples(0..<11_200))
        #expect(track.gaps.isEmpty)
        #expect(track.counters.packets == 11_200 / size)
    }

    @Test(arguments: [1, 7, 80, 160])
    func `chunks may count both tracks of a socket`(size: Int) {
        var sent = packets(1_120 / size, of: size)
        for n in sent.indices { sent[n].chunk = Int64(2 * n + 2) }
        #expect(track(sent).samples == samples(0..<1_120))
    }

    @Test func `a stream without timestamps or numbers is taken as it comes`() {
        var sent = packets(10, of: 160)
        for n in sent.indices {
            sent[n].sequence = nil
            sent[n].chunk = nil
            sent[n].timestampMs = nil
        }
        #expect(track(sent).samples == samples(0..<1_600))
    }

    @Test func `a payload of nothing is nothing, and half a sample is counted`() {
        var sent = packets(3, of: 160)
        sent[1].payload = []
        sent[2].payload.append(9)
        let track = track([sent[0], sent[1], sent[2]])
        #expect(track.counters.oddBytes == 1)
        #expect(track.counters.gaps == 1)
        #expect(track.samples.count == 480)
    }

    // MARK: Order

    @Test func `every order within the window gives the same track`() {
        let sent = packets(10, of: 160)
        // All orders of the packets 3 to 7.
        func orders(_ rest: [Int]) -> [[Int]] {
            rest.isEmpty ? [[]] : rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
        }
        for order in orders([3, 4, 5, 6, 7]) {
            let track = track(([0, 1, 2] + order + [8, 9]).map { sent[$0] })
            #expect(track.samples == samples(0..<1_600), "\(order)")
            #expect(track.gaps.isEmpty)
            #expect(track.counters.late == 0)
            #expect((track.counters.reordered == 0) == (order == order.sorted()), "\(order)")
        }
    }

    @Test(arguments: [1, 7, 80, 160])
    func `the first packet may be overtaken`(size: Int) {
        let sent = packets(10, of: size)
        #expect(track([sent[1], sent[2], sent[0]] + sent[3...]).samples == samples(0..<10 * size))
    }

    @Test func `a packet that comes twice stands once`() {
        let sent = packets(10, of: 160)
        let track = track(sent.flatMap { [$0, $0] } + [sent[3]])
        #expect(track.samples == samples(0..<1_600))
        #expect(track.counters.duplicates == 11)
        #expect(track.counters.packets == 10)
    }

    @Test func `a platform that never counts on loses nothing by it`() {
        var sent = packets(10, of: 160)
        for n in sent.indices {
            sent[n].sequence = 1
            sent[n].chunk = nil
        }
        #expect(track(sent).samples == samples(0..<1_600))
    }

    @Test func `numbers may start again`() {
        var sent = packets(600, of: 160)
        for n in 300..<600 {
            sent[n].sequence = Int64(n - 299)
            sent[n].chunk = Int64(n - 299)
        }
        #expect(track(sent).samples == samples(0..<96_000))
    }

    // MARK: Gaps

    @Test(arguments: [1, 2, 5, 50])
    func `lost packets are one gap, as long as they were`(lost: Int) {
        var sent = packets(100, of: 160)
        sent.removeSubrange(20..<20 + lost)
        let track = track(sent)
        #expect(track.gaps == [Gap(first: 3_200, count: Int64(lost) * 160, cause: .lost)])
        #expect(track.counters.gaps == 1)
        #expect(track.counters.concealedSamples == Int64(lost) * 160)
        #expect(track.samples.count == 16_000)
        #expect(Array(track.samples[(20 + lost) * 160..<16_000]) == samples((20 + lost) * 160..<16_000))
    }

    @Test func `a packet that comes after its place was concealed is counted and left out`() {
        let sent = packets(30, of: 160)
        let track = track(Array(sent[0..<5] + sent[6..<20] + [sent[5]] + sent[20...]))
        #expect(track.gaps == [Gap(first: 800, count: 160, cause: .lost)])
        #expect(track.counters.late == 1)
        #expect(track.samples.count == 4_800)
    }

    @Test func `a platform that sends nothing for a while leaves a gap that nobody lost`() {
        let before = packets(10, of: 160)
        var after = packets(10, of: 160, from: 17_600)
        for n in after.indices {
            after[n].chunk = Int64(11 + n)
            after[n].sequence = Int64(12 + n)
        }
        let track = track(before + after)
        #expect(track.gaps == [Gap(first: 1_600, count: 16_000, cause: .notSent)])
        #expect(track.samples.count == 19_200)
        #expect(Array(track.samples[17_600...]) == samples(17_600..<19_200))
    }

    @Test func `before a track's first packet there is silence and no gap`() {
        let track = track(packets(10, of: 160, from: 8_000))
        #expect(track.gaps.isEmpty)
        #expect(track.samples.prefix(8_000).allSatisfy { $0 == 0 })
        #expect(Array(track.samples[8_000...]) == samples(8_000..<9_600))
    }

    @Test func `a stall and a burst of all that was held up leave no trace`() {
        // Arrival plays no part: what comes late in a bunch, but whole, is the same track.
        var track = Track()
        track.accept(Array(packets(200, of: 160)))
        #expect(track.samples == samples(0..<32_000))
        #expect(track.gaps.isEmpty)
    }

    // MARK: Clocks

    @Test func `a clock that counts from elsewhere starts with its first packet`() {
        let first: Int64 = 1_790_000_000_000
        let origin = TrackTimeline.origin(firstTimestampMs: first)
        #expect(origin == first)
        #expect(TrackTimeline.origin(firstTimestampMs: 60_000) == 0)
        #expect(TrackTimeline.origin(firstTimestampMs: nil) == 0)
        var track = Track(originMs: origin)
        track.accept(shifted(packets(10, of: 160), byMs: first))
        #expect(track.samples == samples(0..<1_600))
    }

    @Test func `a jump forward beyond the longest gap is a new clock`() {
        var settings = TimelineSettings()
        settings.maxGapS = 1
        let sent = packets(20, of: 160)
        let inside = track(Array(sent[0..<10]) + shifted(Array(sent[10...]), byMs: 1_000), settings)
        #expect(inside.samples.count == 11_200)
        #expect(inside.counters.jumps == 0)
        let beyond = track(Array(sent[0..<10]) + shifted(Array(sent[10...]), byMs: 1_001), settings)
        #expect(beyond.samples == samples(0..<3_200))
        #expect(beyond.counters.jumps == 1)
        #expect(beyond.gaps.isEmpty)
    }

    @Test func `one timestamp gone wrong costs nothing`() {
        var sent = packets(20, of: 160)
        sent[10].timestampMs = 999_999_999_999_999
        let track = track(sent)
        #expect(track.samples == samples(0..<3_200))
        #expect(track.counters.jumps == 2)
    }

    @Test func `a clock that was set back goes on when the numbers do`() {
        let sent = packets(300, of: 160)
        let track = track(Array(sent[0..<200]) + shifted(Array(sent[200...]), byMs: -3_000))
        #expect(track.samples == samples(0..<48_000))
        #expect(track.counters.jumps == 1)
    }

    @Test func `a clock that was set back without numbers costs 49 packets`() {
        var sent = Array(packets(200, of: 160)) + packets(200, of: 160)
        for n in sent.indices {
            sent[n].sequence = nil
            sent[n].chunk = nil
        }
        let track = track(sent)
        #expect(track.counters.late == 49)
        #expect(track.counters.jumps == 1)
        #expect(track.counters.packets == 351)
        #expect(track.samples.count == 351 * 160)
    }

    @Test(arguments: [-200, 200], [true, false])
    func `ten minutes of drift stay within 10 ms of the clock`(ppm: Int64, perTrack: Bool) {
        var sent = packets(30_000, of: 160)
        for n in sent.indices {
            sent[n].timestampMs = Int64(n) * 20 * (1_000_000 + ppm) / 1_000_000
            if !perTrack { sent[n].chunk = Int64(2 * n + 1) }
        }
        let track = track(sent)
        let clock = 600_000 * (1_000_000 + ppm) / 1_000_000 * 8
        // 10 ms, and what the platform's whole milliseconds and the wait for 50 packets (0.2 ms) hide.
        #expect(abs(track.timeline.next - clock) <= 80 + 8 + 2)
        #expect(track.counters.packets == 30_000)
        #expect(track.counters.late == 0)
        #expect(track.counters.jumps == 0)
    }

    @Test(arguments: [Int64.max, .min, -1, 0, 1 << 62])
    func `no number and no timestamp stops it`(odd: Int64) {
        var settings = TimelineSettings()
        settings.maxGapS = 1
        for rate in [8_000, 96_000] {
            for field in 0..<3 {
                for firstIsOdd in [true, false] {
                    var sent = packets(20, of: 160, sampleRate: rate)
                    for n in sent.indices where (n == 0) == firstIsOdd || n == 10 {
                        if field == 0 { sent[n].sequence = odd }
                        if field == 1 { sent[n].chunk = odd }
                        if field == 2 { sent[n].timestampMs = odd }
                    }
                    var track = Track(settings, sampleRate: rate, originMs: odd)
                    track.accept(sent)
                    track.finish()
                    #expect(track.isContinuous)
                    // At most the longest gap a packet that jumped.
                    #expect(track.samples.count <= rate * 5)
                }
            }
        }
    }

    // MARK: A network of chance

    @Test func `whatever a network does, all that came in time stands in its place`() {
        for _ in 0..<20 {
            let seed = UInt64.random(in: 0...(.max))
            print("seed \(seed)")  // Before anything can trap.
            var random = SeededGenerator(seed: seed)
            let sent = packets(150, of: [80, 160, 320].randomElement(using: &random) ?? 160)
            let size = sent[0].payload.count / 2
            // Each packet is lost, delayed by up to 4 places, or doubled.
            var arriving: [(order: Double, packet: MediaPacket)] = []
            for (n, packet) in sent.enumerated() where Double.random(in: 0..<1, using: &random) > 0.05 || n == 149 {
                let delay = Bool.random(using: &random) ? 0 : Double.random(in: 0..<4, using: &random)
                arriving.append((Double(n) + delay, packet))
                if Double.random(in: 0..<1, using: &random) < 0.05 { arriving.append((Double(n) + delay + 3, packet)) }
            }
            let came = arriving.sorted { $0.order < $1.order }.map(\.packet)
            let track = track(came)
            // The oracle: a packet waits for at most 4 others here, fewer than the window, so none is late.
            var expected = [Int16?](repeating: nil, count: 150 * size)
            for packet in came {
                let place = Int((packet.chunk ?? 0) - 1) * size
                for n in place..<place + size { expected[n] = sample(at: n) }
            }
            #expect(track.samples.count == expected.count, "seed \(seed)")
            let wrong = zip(track.samples, expected).contains { given, expected in expected.map { $0 != given } ?? false
            }
            #expect(!wrong, "seed \(seed)")
            #expect(track.counters.late == 0, "seed \(seed)")
            // What was lost before the first packet is silence, not a gap.
            let lost = expected.drop { $0 == nil }.count { $0 == nil }
            #expect(track.counters.concealedSamples == Int64(lost), "seed \(seed)")
        }
    }
}
