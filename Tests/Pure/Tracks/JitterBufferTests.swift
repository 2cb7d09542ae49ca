import SidetoneModel
import SidetoneTracks
import Testing

@Suite struct JitterBufferTests {
    // MARK: In order

    @Test(arguments: [1, 7, 80, 160, 1_600])
    func `a track does not depend on packet boundaries`(size: Int) {
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

    @Test func `a stream without timestamps or numbers is accepted in order of arrival`() {
        var sent = packets(10, of: 160)
        for n in sent.indices {
            sent[n].sequence = nil
            sent[n].chunk = nil
            sent[n].timestampMs = nil
        }
        #expect(track(sent).samples == samples(0..<1_600))
    }

    @Test func `an empty payload is ignored, and half a sample is counted`() {
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

    @Test func `a duplicate packet is used once`() {
        let sent = packets(10, of: 160)
        let track = track(sent.flatMap { [$0, $0] } + [sent[3]])
        #expect(track.samples == samples(0..<1_600))
        #expect(track.counters.duplicates == 11)
        #expect(track.counters.packets == 10)
    }

    @Test func `a platform with constant numbers loses nothing`() {
        var sent = packets(10, of: 160)
        for n in sent.indices {
            sent[n].sequence = 1
            sent[n].chunk = nil
        }
        #expect(track(sent).samples == samples(0..<1_600))
    }

    @Test func `numbers may restart`() {
        var sent = packets(600, of: 160)
        for n in 300..<600 {
            sent[n].sequence = Int64(n - 299)
            sent[n].chunk = Int64(n - 299)
        }
        #expect(track(sent).samples == samples(0..<96_000))
    }

    // MARK: Gaps

    @Test(arguments: [1, 2, 5, 50])
    func `lost packets are one gap of their duration`(lost: Int) {
        var sent = packets(100, of: 160)
        sent.removeSubrange(20..<20 + lost)
        let track = track(sent)
        #expect(track.gaps == [Gap(first: 3_200, count: Int64(lost) * 160, cause: .lost)])
        #expect(track.counters.gaps == 1)
        #expect(track.counters.concealedSamples == Int64(lost) * 160)
        #expect(track.samples.count == 16_000)
        #expect(Array(track.samples[(20 + lost) * 160..<16_000]) == samples((20 + lost) * 160..<16_000))
    }

    @Test func `a packet that arrives after its concealment is counted and dropped`() {
        let sent = packets(30, of: 160)
        let track = track(Array(sent[0..<5] + sent[6..<20] + [sent[5]] + sent[20...]))
        #expect(track.gaps == [Gap(first: 800, count: 160, cause: .lost)])
        #expect(track.counters.late == 1)
        #expect(track.samples.count == 4_800)
    }

    @Test func `a platform that pauses sending leaves a gap with the cause not_sent`() {
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

    @Test func `before a track's first packet there is silence but no gap`() {
        let track = track(packets(10, of: 160, from: 8_000))
        #expect(track.gaps.isEmpty)
        #expect(track.samples.prefix(8_000).allSatisfy { $0 == 0 })
        #expect(Array(track.samples[8_000...]) == samples(8_000..<9_600))
    }

    @Test func `a stall followed by a burst leaves no trace`() {
        // Arrival plays no part: what comes late in a bunch, but whole, is the same track.
        var track = Track()
        track.accept(Array(packets(200, of: 160)))
        #expect(track.samples == samples(0..<32_000))
        #expect(track.gaps.isEmpty)
    }

    // MARK: Long gaps

    @Test(arguments: [299, 3_600])
    func `a gap of any length is emitted in slices, and packets that arrive meanwhile follow it`(seconds: Int) {
        var settings = TimelineSettings()
        settings.maxGapS = 3_600
        let sent = packets(30, of: 160)
        let jump = Int64(seconds * 1_000)
        let after = shifted(Array(sent[10...]), byMs: jump)
        var track = Track(settings)
        track.acceptLazily(Array(sent[0..<10]) + after)
        // Nothing but two slices per packet so far, of 200 ms each.
        #expect(track.samples.count <= 1_600 + 480 + 20 * 1_600)
        while track.timeline.silenceLeft > 0 { track.proceed() }
        track.finish()
        #expect(track.isContinuous)
        #expect(track.longestRun == 1_600)
        #expect(track.gaps == [Gap(first: 1_600, count: jump * 8, cause: .notSent)])
        #expect(Array(track.samples[(1_600 + Int(jump) * 8)...]) == samples(1_600..<4_800))
        #expect(track.samples[2_080..<1_600 + Int(jump) * 8].allSatisfy { $0 == 0 })
    }

    @Test func `packets waiting behind a long gap are bounded, and the rest is refused and counted`() {
        var settings = TimelineSettings()
        settings.maxGapS = 3_600
        let size = 16_000
        let sent = packets(200, of: size)
        var track = Track(settings)
        track.acceptLazily(Array(sent[0..<2]) + shifted(Array(sent[2...]), byMs: 3_599_000))
        #expect(track.counters.refused > 100)
        #expect(track.counters.refused < 198 - (1 << 20) / (2 * size + 200))
        track.finish()
        #expect(track.isContinuous)
    }

    @Test(arguments: [8_000, 11_025, 22_050, 44_100, 96_000])
    func `every rate preserves samples and positions, in order and after gaps and jumps`(rate: Int) {
        for size in [7, 80, rate / 50, rate / 50 + 1, rate / 5] {
            let count = 2 * rate / size
            let sent = packets(count, of: size, sampleRate: rate)
            var whole = Track(sampleRate: rate)
            whole.accept(sent)
            whole.finish()
            #expect(whole.samples == samples(0..<count * size), "\(size)")
            #expect(whole.gaps.isEmpty && whole.jumps.isEmpty)
            // Whole milliseconds cannot tell less than 2 ms from a packet that is there.
            guard size >= rate / 500, size >= 80 else { continue }
            // One packet lost, and an hour back on the platform's clock at half.
            var jumped = sent
            for n in count / 2..<count { jumped[n].timestampMs = jumped[n].timestampMs.map { $0 - 3_600_000 } }
            let lost = count / 4
            jumped.remove(at: lost)
            var track = Track(sampleRate: rate)
            track.accept(jumped)
            track.finish()
            #expect(track.jumps.count == 1)
            #expect(track.gaps.map(\.cause) == [.lost], "\(size) \(track.gaps)")
            #expect(abs(track.samples.count - count * size) <= rate / 1_000 + 1, "\(size)")
        }
    }

    // MARK: A network of chance

    @Test func `whatever a network does, every packet that arrives in time is at its position`() {
        for _ in 0..<20 {
            let seed = UInt64.random(in: 0...(.max))
            print("seed \(seed)")  // Before anything can trap.
            var random = SplitMix64(seed: seed)
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
