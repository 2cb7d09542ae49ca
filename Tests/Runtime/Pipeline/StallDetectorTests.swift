import SidetoneModel
import Testing

@testable import SidetonePipeline

@Suite struct StallDetectorTests {
    private func told(_ phase: Signal.Phase, track: TrackRole?, start: Double, end: Double? = nil) -> Signal {
        Signal("media.stalled", phase, track: track, start: start, end: end)
    }

    @Test func `a stream without media is reported once, after the limit`() {
        var watch = StallDetector(limit: 2, announced: [.inbound, .outbound], opened: 10)
        #expect(watch.check(at: 11.999) { _ in 7 } == [])
        #expect(watch.check(at: 12) { _ in 7 } == [told(.started, track: nil, start: 0)])
        #expect(watch.check(at: 20) { _ in 7 } == [])
        #expect(watch.record(.inbound, at: 21.5) == told(.ended, track: nil, start: 0, end: 11.5))
    }

    @Test func `a stall starts where the track's media ends, and lasts as long as the wait`() {
        var watch = StallDetector(limit: 2, announced: [.inbound], opened: 0)
        for packet in 1...50 { #expect(watch.record(.inbound, at: Double(packet) / 50) == nil) }
        #expect(watch.check(at: 2.9) { _ in 1 } == [])
        #expect(watch.due == 3)
        #expect(watch.check(at: 3) { _ in 1 } == [told(.started, track: .inbound, start: 1)])
        #expect(watch.record(.inbound, at: 4.25) == told(.ended, track: .inbound, start: 1, end: 4.25))
        #expect(watch.record(.inbound, at: 4.27) == nil)
        #expect(watch.check(at: 6.28) { _ in 1.04 } == [told(.started, track: .inbound, start: 1.04)])
    }

    @Test func `one track stalls, and the other continues`() {
        var watch = StallDetector(limit: 2, announced: [.inbound, .outbound], opened: 0)
        var seen: [Signal] = []
        for packet in 0..<300 {
            let now = Double(packet) / 50
            seen += watch.check(at: now) { $0 == .inbound ? 2 : now }
            if packet < 100 || packet > 250, let ended = watch.record(.inbound, at: now) { seen.append(ended) }
            if let ended = watch.record(.outbound, at: now) { seen.append(ended) }
        }
        #expect(
            seen == [told(.started, track: .inbound, start: 2), told(.ended, track: .inbound, start: 2, end: 5.04)])
    }

    @Test func `an announced track without media is reported from the first packet of the other`() {
        var watch = StallDetector(limit: 2, announced: [.inbound, .outbound], opened: 0)
        #expect(watch.record(.inbound, at: 1.5) == nil)
        #expect(watch.record(.inbound, at: 3) == nil)
        #expect(watch.check(at: 3.6) { _ in 0 } == [told(.started, track: .outbound, start: 0)])
        #expect(watch.finish(at: 5.5) == [told(.ended, track: .outbound, start: 0, end: 4)])
    }

    @Test func `an unannounced track is monitored once it has sent media`() {
        var watch = StallDetector(limit: 2, announced: [], opened: 0)
        #expect(watch.record(.outbound, at: 0.5) == nil)
        #expect(watch.check(at: 2.5) { _ in 0.02 } == [told(.started, track: .outbound, start: 0.02)])
    }

    @Test func `a stall that was not reported when the stream ends is not ended`() {
        var watch = StallDetector(limit: 2, announced: [.inbound], opened: 0)
        #expect(watch.record(.inbound, at: 0) == nil)
        #expect(watch.finish(at: 1.9) == [])
    }
}
