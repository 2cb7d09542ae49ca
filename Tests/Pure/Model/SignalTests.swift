import SidetoneModel
import Testing

@Suite struct SignalTests {
    @Test func `an interval's type says its phase, a moment's does not`() {
        #expect(Signal("speech", .started, start: 0).type == "sidetone.speech.started.v1")
        #expect(Signal("speech", .ended, start: 0, end: 1).type == "sidetone.speech.ended.v1")
        #expect(Signal("media.gap", .moment, start: 0, end: 1).type == "sidetone.media.gap.v1")
    }

    @Test func `each role has its other side and its own channel`() {
        for role in TrackRole.allCases {
            #expect(role.other != role)
            #expect(role.other.other == role)
        }
        #expect(TrackRole.allCases.map(\.index) == [0, 1])
    }
}
