import SidetoneModel
import Testing

@testable import SidetoneAnalysis

@Suite struct CallTotalsTests {
    private func totals(_ drawn: DrawnCall) throws -> CallTotals {
        var call = CallSignals(settings: drawn.settings)
        _ = try drawn.run(&call)
        return call.totals
    }

    @Test func `seconds and shares match the drawing`() throws {
        let totals = try totals(
            DrawnCall(
                inbound: "..######........########....########....",
                outbound: "..........####....................####.."
            ))
        #expect(totals.seconds == 4)
        #expect(totals.inbound.speechSeconds == 2.2 && totals.outbound.speechSeconds == 0.8)
        #expect(totals.inbound.talkSpurts == 3 && totals.outbound.talkSpurts == 2)
        #expect(abs((totals.inbound.talkShare ?? 0) - 2.2 / 3) < 1e-9)
        #expect(abs((totals.outbound.talkShare ?? 0) - 0.8 / 3) < 1e-9)
        #expect(totals.inbound.talkRatioOfCall == 0.55)
        #expect(totals.overtalkSeconds == 0.2 && totals.overtalks == 1)
        #expect(abs(totals.silenceSeconds - 1.2) < 1e-9)
        #expect(totals.inbound.f0MedianHz == nil)
    }

    @Test func `latencies are counted for the answering side`() throws {
        let totals = try totals(
            DrawnCall(
                inbound: "..######......######..........",
                outbound: "..........####......######....."
            ))
        #expect(totals.outbound.responseLatency.count == 2)
        // Bins of 10 ms: ±5 ms, and a boundary may fall to either side.
        #expect(abs((totals.outbound.responseLatency.median ?? 0) - 0) <= 0.011)
        #expect(abs((totals.outbound.responseLatency.p90 ?? 0) - 0.2) <= 0.011)
        #expect(totals.inbound.responseLatency.count == 1)
    }

    @Test func `the longest turn is the longest monologue, without its trailing pauses`() throws {
        let totals = try totals(
            DrawnCall(inbound: "..######..####" + String(repeating: ".", count: 60) + "###....", outbound: ""))
        #expect(totals.inbound.longestMonologueSeconds == 1.2)
        #expect(totals.outbound.longestMonologueSeconds == 0)
    }

    @Test func `F0 is the median and spread of voiced rows`() throws {
        var call = DrawnCall(inbound: "..abbbbbbbbbbbbbbbbbbbbbbc...", outbound: "")
        for (letter, hertz) in [("a", Float(90)), ("b", 120), ("c", 240)] {
            call.meanings[Character(letter)] = ["speech_probability": 1, "level_dbfs": -26, "f0_hz": hertz]
        }
        // ±0.4 %: half a bin of 1/96 octave.
        let side = try totals(call).inbound
        #expect(abs((side.f0MedianHz ?? 0) / 120 - 1) < 0.004)
        #expect(abs((side.f0LowHz ?? 0) / 120 - 1) < 0.004)
        #expect(abs((side.f0HighHz ?? 0) / 120 - 1) < 0.004)
    }

    @Test func `an empty call has empty totals`() {
        let totals = CallSignals(settings: AnalysisSettings()).totals
        #expect(totals == CallTotals())
    }
}
