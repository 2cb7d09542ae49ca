import SidetoneModel
import SidetoneTracks
import Testing

/// Clocks that start elsewhere, jump, pause, drift or lie.
@Suite struct JitterBufferClockTests {
    @Test func `a clock with another origin starts with its first packet`() {
        let first: Int64 = 1_790_000_000_000
        var track = Track(firstTimestampMs: first)
        track.accept(shifted(packets(10, of: 160), byMs: first))
        track.finish()
        #expect(track.samples == samples(0..<1_600))
        var early = Track(firstTimestampMs: 60_000)
        early.accept(packets(2, of: 160, from: 480_000))
        early.finish()
        #expect(early.samples.count == 480_320)
    }

    @Test func `a jump forward beyond the longest gap is a clock reset`() {
        var settings = TimelineSettings()
        settings.maxGapS = 1
        let sent = packets(20, of: 160)
        let inside = track(Array(sent[0..<10]) + shifted(Array(sent[10...]), byMs: 1_000), settings: settings)
        #expect(inside.samples.count == 11_200)
        #expect(inside.counters.jumps == 0)
        let beyond = track(Array(sent[0..<10]) + shifted(Array(sent[10...]), byMs: 1_001), settings: settings)
        #expect(beyond.samples == samples(0..<3_200))
        #expect(beyond.counters.jumps == 1)
        #expect(beyond.jumps == [ClockJump(position: 1_600, jumpMs: 1_001)])
        #expect(beyond.gaps.isEmpty)
    }

    @Test func `a pause longer than the longest gap is a gap if packets were absent as long`() {
        var settings = TimelineSettings()
        settings.maxGapS = 1
        let sent = packets(20, of: 160)
        var track = Track(settings)
        let arrivals = (0..<20).map { Double($0) * 0.02 + ($0 < 10 ? 0 : 5) }
        track.accept(Array(sent[0..<10]) + shifted(Array(sent[10...]), byMs: 5_000), arrivals: arrivals)
        track.finish()
        #expect(track.jumps.isEmpty)
        #expect(track.gaps == [Gap(first: 1_600, count: 40_000, cause: .notSent)])
        #expect(track.samples.count == 43_200)
    }

    @Test func `a pause longer than the longest gap is a gap if the other track continued`() {
        var settings = TimelineSettings()
        settings.maxGapS = 1
        let sent = packets(20, of: 160)
        var track = Track(settings)
        track.accept(Array(sent[0..<10]))
        // The other track goes on for 5 s, packet by packet.
        for end in stride(from: Int64(1_600), through: 41_600, by: 160) {
            track.clock[end: .outbound] = end
            track.advance(to: end - track.clock.maxSkew)
        }
        track.accept(shifted(Array(sent[10...]), byMs: 5_000))
        track.finish()
        #expect(track.isContinuous)
        #expect(track.jumps.isEmpty)
        #expect(track.gaps == [Gap(first: 1_600, count: 40_000, cause: .notSent)])
        #expect(track.samples.count == 43_200)
        #expect(Array(track.samples[41_600...]) == samples(1_600..<3_200))
        // At most 60 ms of it are heard.
        #expect(track.samples[2_080..<41_600].allSatisfy { $0 == 0 })
    }

    @Test func `a packet that arrives after its position was filled with silence is late`() {
        let sent = packets(100, of: 160)
        var track = Track()
        track.accept(Array(sent[0..<10]))
        track.clock[end: .outbound] = 24_000
        track.advance(to: 8_000)
        track.accept(Array(sent[10...]))
        track.finish()
        #expect(track.counters.late == 40)
        #expect(track.gaps == [Gap(first: 1_600, count: 6_400, cause: .lost)])
        #expect(track.samples.count == 16_000)
        #expect(Array(track.samples[8_000...]) == samples(8_000..<16_000))
    }

    @Test(arguments: [Int64(999_999_999_999_999), 300_000, 5_000, 500, 120, 40, -5_000, -500, -999_999_999_999_999])
    func `one wrong timestamp costs nothing`(errorMs: Int64) {
        for numbered in [true, false] {
            var sent = packets(60, of: 160)
            for n in sent.indices where !numbered {
                // Numbers of the socket, shared by both tracks.
                sent[n].chunk = Int64(2 * n + 1)
                sent[n].sequence = Int64(2 * n + 2)
            }
            sent[10].timestampMs = 200 + errorMs
            let track = track(sent)
            #expect(track.samples == samples(0..<9_600), "\(errorMs) \(numbered)")
            #expect(track.counters.jumps == 0)
            #expect(track.gaps.isEmpty)
            #expect(track.counters.late == 0)
        }
    }

    @Test(arguments: [Int64(5_000), 400_000, -5_000])
    func `two packets that agree on a new clock while the other track continues move nothing`(jumpMs: Int64) {
        let sent = packets(100, of: 160)
        var track = Track()
        for (n, packet) in (Array(sent[0..<50]) + shifted(Array(sent[50...]), byMs: jumpMs)).enumerated() {
            track.accept([packet])
            track.clock[end: .outbound] = Int64(n + 1) * 160
        }
        track.finish()
        #expect(track.samples == samples(0..<16_000))
        #expect(track.gaps.isEmpty)
        #expect(track.jumps == [ClockJump(position: 8_000, jumpMs: jumpMs)])
    }

    @Test func `the other track adopts a new clock with its first packet`() {
        let sent = packets(100, of: 160)
        var first = Track()
        first.accept(Array(sent[0..<50]) + shifted(Array(sent[50...]), byMs: -3_600_000))
        var second = Track()
        second.accept(Array(sent[0..<50]))
        second.clock = first.clock
        second.accept(shifted(Array(sent[50...]), byMs: -3_600_000))
        second.finish()
        #expect(first.samples == samples(0..<16_000))
        #expect(second.samples == samples(0..<16_000))
        #expect(first.jumps.count == 1)
        #expect(second.jumps.isEmpty)
        #expect(second.counters.jumps == 0)
    }

    @Test func `wrong numbers cost no audio`() {
        for odd in [Int64.max, .min, 0, 1, 1_000_000] {
            for field in 0..<3 {
                var sent = packets(60, of: 160)
                if field != 1 { sent[10].chunk = odd }
                if field != 0 { sent[10].sequence = odd }
                #expect(track(sent).samples == samples(0..<9_600), "\(odd) \(field)")
            }
            var sent = packets(60, of: 160)
            sent[10].chunk = nil
            sent[10].sequence = nil
            sent[10].timestampMs = nil
            #expect(track(sent).samples == samples(0..<9_600))
        }
    }

    @Test func `a clock that was set back continues if the numbers do`() {
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
    func `any number and timestamp is tolerated`(odd: Int64) {
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
                    var track = Track(settings, sampleRate: rate, firstTimestampMs: odd)
                    track.accept(sent)
                    track.finish()
                    #expect(track.isContinuous)
                    // At most the longest gap a packet that jumped.
                    #expect(track.samples.count <= rate * 5)
                }
            }
        }
    }
}
