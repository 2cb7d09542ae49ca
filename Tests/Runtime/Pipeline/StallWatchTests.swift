import SidetoneModel
import Testing

@testable import SidetonePipeline

@Suite struct StallWatchTests {
    private func told(_ phase: Signal.Phase, _ track: TrackRole?, _ start: Double, _ end: Double? = nil) -> Signal {
        Signal("media.stalled", phase, track: track, start: start, end: end)
    }

    @Test func `a stream of which nothing is heard is told after the limit, and once`() {
        var watch = StallWatch(limit: 2, announced: [.inbound, .outbound], opened: 10)
        #expect(watch.look(at: 11.999) { _ in 7 } == [])
        #expect(watch.look(at: 12) { _ in 7 } == [told(.started, nil, 0)])
        #expect(watch.look(at: 20) { _ in 7 } == [])
        #expect(watch.heard(.inbound, at: 21.5) == told(.ended, nil, 0, 11.5))
    }

    @Test func `a track that was heard is told where its media ends, and ends after what was waited`() {
        var watch = StallWatch(limit: 2, announced: [.inbound], opened: 0)
        for packet in 1...50 { #expect(watch.heard(.inbound, at: Double(packet) / 50) == nil) }
        #expect(watch.look(at: 2.9) { _ in 1 } == [])
        #expect(watch.due == 3)
        #expect(watch.look(at: 3) { _ in 1 } == [told(.started, .inbound, 1)])
        #expect(watch.heard(.inbound, at: 4.25) == told(.ended, .inbound, 1, 4.25))
        #expect(watch.heard(.inbound, at: 4.27) == nil)
        #expect(watch.look(at: 6.28) { _ in 1.04 } == [told(.started, .inbound, 1.04)])
    }

    @Test func `one track stalls, and the other goes on`() {
        var watch = StallWatch(limit: 2, announced: [.inbound, .outbound], opened: 0)
        var seen: [Signal] = []
        for packet in 0..<300 {
            let now = Double(packet) / 50
            seen += watch.look(at: now) { $0 == .inbound ? 2 : now }
            if packet < 100 || packet > 250, let ended = watch.heard(.inbound, at: now) { seen.append(ended) }
            if let ended = watch.heard(.outbound, at: now) { seen.append(ended) }
        }
        #expect(seen == [told(.started, .inbound, 2), told(.ended, .inbound, 2, 5.04)])
    }

    @Test func `a track that was announced and never comes is told from the first packet of the other`() {
        var watch = StallWatch(limit: 2, announced: [.inbound, .outbound], opened: 0)
        #expect(watch.heard(.inbound, at: 1.5) == nil)
        #expect(watch.heard(.inbound, at: 3) == nil)
        #expect(watch.look(at: 3.6) { _ in 0 } == [told(.started, .outbound, 0)])
        #expect(watch.finish(at: 5.5) == [told(.ended, .outbound, 0, 4)])
    }

    @Test func `a track that nobody announced is watched once it was heard`() {
        var watch = StallWatch(limit: 2, announced: [], opened: 0)
        #expect(watch.heard(.outbound, at: 0.5) == nil)
        #expect(watch.look(at: 2.5) { _ in 0.02 } == [told(.started, .outbound, 0.02)])
    }

    @Test func `what is not told when the stream ends is not ended`() {
        var watch = StallWatch(limit: 2, announced: [.inbound], opened: 0)
        #expect(watch.heard(.inbound, at: 0) == nil)
        #expect(watch.finish(at: 1.9) == [])
    }
}
