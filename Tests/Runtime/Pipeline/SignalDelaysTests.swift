import SidetoneModel
import SidetonePipeline
import Testing

@Suite struct SignalDelaysTests {
    @Test func `the slowest signal is named with its phase`() {
        var delays = SignalDelays()
        #expect(delays.worst == nil)
        delays.record(Signal("speech", .started, start: 1), seconds: 0.040)
        delays.record(Signal("overtalk", .ended, start: 1, end: 2), seconds: 0.050)
        delays.record(Signal("dtmf", .moment, start: 1, end: 2), seconds: 0.045)
        #expect(delays.worst == .init(signal: "overtalk.ended", milliseconds: 50))
        #expect(delays.histogram.count == 3)
        delays.record(Signal("dtmf", .moment, start: 1, end: 2), seconds: 0.060)
        #expect(delays.worst?.signal == "dtmf")
    }

    @Test(arguments: [-1.0, 0, 1e300]) func `any time can be recorded`(seconds: Double) {
        var delays = SignalDelays()
        delays.record(Signal("turn", .started, start: 0), seconds: seconds)
        #expect(delays.histogram.count == 1)
        #expect(delays.worst?.signal == "turn.started")
    }
}
