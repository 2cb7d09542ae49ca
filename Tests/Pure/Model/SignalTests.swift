import SidetoneModel
import Testing

@Suite struct SignalTests {
    @Test func `an interval's type includes its phase, a moment's does not`() {
        #expect(Signal("speech", .started, start: 0).type == "sidetone.speech.started.v1")
        #expect(Signal("speech", .ended, start: 0, end: 1).type == "sidetone.speech.ended.v1")
        #expect(Signal("media.gap", .moment, start: 0, end: 1).type == "sidetone.media.gap.v1")
    }

    @Test func `the time at which a signal is decidable does not affect equality`() {
        let signal = Signal("turn", .started, track: .inbound, start: 1)
        var timed = signal
        timed.decidableAt = 1.06
        #expect(timed == signal)
        #expect(Set([timed, signal]).count == 1)
        timed.start = 2
        #expect(timed != signal)
    }

    @Test func `each role has an opposite side and a channel of its own`() {
        for role in TrackRole.allCases {
            #expect(role.other != role)
            #expect(role.other.other == role)
        }
        #expect(TrackRole.allCases.map(\.index) == [0, 1])
    }
}
