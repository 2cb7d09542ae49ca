import SidetoneTracks
import Testing

@Suite struct ArrivalJitterTests {
    @Test func `packets that arrive as they were sent have no jitter`() {
        var jitter = ArrivalJitter()
        #expect(jitter.milliseconds == nil)
        for packet in 0..<100 { jitter.record(arrival: 5 + Double(packet) * 0.02, timestampMs: Int64(packet * 20)) }
        // ±1e-9: arrivals are sums of binary fractions.
        #expect((jitter.milliseconds ?? 1) < 1e-9)
    }

    @Test func `one late packet counts a sixteenth, and decays by sixteenths`() throws {
        var jitter = ArrivalJitter()
        jitter.record(arrival: 0, timestampMs: 0)
        jitter.record(arrival: 0.036, timestampMs: 20)
        #expect(abs(try #require(jitter.milliseconds) - 1) < 1e-9)
        jitter.record(arrival: 0.056, timestampMs: 40)
        #expect(abs(try #require(jitter.milliseconds) - 15.0 / 16) < 1e-9)
    }

    @Test func `packets without a timestamp are ignored, and any timestamp is accepted`() {
        var jitter = ArrivalJitter()
        jitter.record(arrival: 0, timestampMs: nil)
        jitter.record(arrival: 1, timestampMs: nil)
        #expect(jitter.milliseconds == nil)
        jitter.record(arrival: 1, timestampMs: .min)
        jitter.record(arrival: 2, timestampMs: .max)
        #expect(jitter.milliseconds?.isFinite == true)
    }
}
