import NIOCore
import SidetoneWebSocket
import Testing

@testable import SidetoneServer

@Suite struct MediaGovernorTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func governor(lead: Double? = 10, perSecond: Double = 10, burst: Double = 20) -> MediaGovernor {
        MediaGovernor(maxLeadS: lead, events: RateLimit(perSecond: perSecond, burst: burst))
    }

    @Test func `media in real time or late is never throttled`() {
        var governor = governor()
        for packet in 0..<5_000 {
            // Twelve seconds are five seconds late, then arrive at once.
            let delay = (1_000..<1_600).contains(packet) ? 5_000 : 0
            let now = start + .milliseconds(Int64(packet * 20 + delay))
            #expect(governor.verdict(hasMedia: true, position: Double(packet) * 0.02, now: now) == .goOn)
        }
    }

    @Test func `a sender without pauses is throttled to real time beyond its lead`() {
        var governor = governor(lead: 2)
        var now = start
        var position = 0.0
        while position < 60 {
            position += 0.02
            if case .wait(let until) = governor.verdict(hasMedia: true, position: position, now: now) { now = until }
        }
        // 60 s of media, of which 2 may lead; the step of a wait is a quarter of a second.
        let seconds = Double((now - start).nanoseconds) / 1e9
        #expect((57.9...58.3).contains(seconds), "\(seconds)")
    }

    @Test func `a jump of the platform's clock counts as lead`() {
        var governor = governor()
        #expect(governor.verdict(hasMedia: true, position: 0, now: start) == .goOn)
        guard case .wait(let until) = governor.verdict(hasMedia: true, position: 300, now: start) else {
            Issue.record("300 s ahead go on")
            return
        }
        #expect((until - start).nanoseconds / 1_000_000_000 == 290)
    }

    @Test(arguments: [1e9, 1e300, .infinity, .nan])
    func `an absurd position does not trap`(position: Double) {
        var governor = governor()
        _ = governor.verdict(hasMedia: true, position: 0, now: start)
        let verdict = governor.verdict(hasMedia: true, position: position, now: start)
        if !position.isNaN { #expect(verdict == .wait(until: start + .hours(24))) }
    }

    @Test func `a restart on the same socket does not reset the lead`() {
        var governor = governor(lead: 2)
        var now = start
        // Thirty segments of 2 s each, whose positions start at zero.
        for _ in 0..<30 {
            for packet in 1...100 {
                let verdict = governor.verdict(hasMedia: true, position: Double(packet) * 0.02, now: now)
                if case .wait(let until) = verdict { now = until }
            }
        }
        let seconds = Double((now - start).nanoseconds) / 1e9
        #expect((57.9...58.3).contains(seconds), "\(seconds)")
    }

    @Test func `without a limit any lead is accepted`() {
        var governor = governor(lead: nil)
        #expect(governor.verdict(hasMedia: true, position: 1e6, now: start) == .goOn)
    }

    @Test func `a burst of messages without media is accepted, a flood is not`() {
        var governor = governor(perSecond: 10, burst: 20)
        for _ in 0..<20 { #expect(governor.verdict(hasMedia: false, position: 0, now: start) == .goOn) }
        #expect(governor.verdict(hasMedia: false, position: 0, now: start) == .tooManyEvents)
    }

    @Test func `messages without media are accepted indefinitely at the allowed rate`() {
        var governor = governor(perSecond: 10, burst: 20)
        for number in 0..<10_000 {
            let now = start + .milliseconds(Int64(number * 100))
            #expect(governor.verdict(hasMedia: false, position: 0, now: now) == .goOn)
        }
    }

    @Test(arguments: [(0, 1_000), (200, 1_000), (2_000, 8_000), (5_000, 20_000), (60_000, 50_000)])
    func `a stream within a long gap leaves the loop to others for four times its work, within bounds`(
        work: Int64, rest: Int64
    ) {
        let now = start + .microseconds(work)
        #expect(MediaGovernor.resumption(startedAt: start, now: now) == now + .microseconds(rest))
    }
}
