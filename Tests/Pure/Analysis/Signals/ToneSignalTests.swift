import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

@Suite struct ToneSignalTests {
    /// One character is 50 ms here: rhythms of E.180 and the Precise Tone Plan.
    private static func rhythm(_ on: Int, off: Int, times: Int) -> String {
        String(repeating: String(repeating: "%", count: on) + String(repeating: ".", count: off), count: times)
    }

    @Test(arguments: [
        (1, rhythm(80, off: 10, times: 1), "dial"), (2, rhythm(40, off: 10, times: 1), "dial"),
        (1, rhythm(20, off: 80, times: 3), "ringback"), (3, rhythm(40, off: 80, times: 2), "ringback"),
        (1, rhythm(10, off: 10, times: 6), "busy"), (4, rhythm(10, off: 10, times: 6), "busy"),
        (1, rhythm(5, off: 5, times: 8), "reorder"), (4, rhythm(5, off: 5, times: 8), "reorder"),
        (5, rhythm(10, off: 60, times: 3), "fax_cng"),
    ])
    func `a tone is told by frequency and rhythm`(code: Int, drawing: String, kind: String) throws {
        var call = DrawnCall(inbound: "", outbound: "")
        call.drawing = .init(inbound: "", outbound: ".........." + drawing, stepsPerCharacter: 5)
        call.meanings["%"] = ["tone_code": Float(code), "level_dbfs": -20]
        let told = try call.signals("tone")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.allSatisfy { $0.values == [Signal.Entry("kind", .text(kind))] && $0.track == .outbound })
        // 20 ms: what a tone's code lags behind the tone is taken off.
        #expect(told.allSatisfy { abs($0.start - 0.48) < 1e-9 })
        let last = (drawing.lastIndex(of: "%").map { drawing.distance(from: drawing.startIndex, to: $0) } ?? 0) + 11
        #expect(abs((told.last?.end ?? 0) - Double(last) * 0.05) < 1e-9)
    }

    @Test func `one tone after another are two intervals`() throws {
        var call = DrawnCall(inbound: "", outbound: "")
        call.drawing = .init(
            inbound: "",
            outbound: Self.rhythm(40, off: 0, times: 1) + String(repeating: "b", count: 10) + ".........."
                + "bbbbbbbbbb..........bbbbbbbbbb..........", stepsPerCharacter: 5)
        call.meanings["%"] = ["tone_code": 3, "level_dbfs": -20]
        call.meanings["b"] = ["tone_code": 4, "level_dbfs": -20]
        let kinds = try call.signals("tone").filter { $0.phase == .ended }.map(\.values)
        #expect(kinds == ["ringback", "busy"].map { [Signal.Entry("kind", .text($0))] })
    }

    @Test func `a stray match is no tone`() throws {
        var call = DrawnCall(inbound: "...%%.....%......%%%..%%%...", outbound: "")
        call.drawing = .init(inbound: "...%%.....%......%%%..%%%...", outbound: "", stepsPerCharacter: 2)
        call.meanings["%"] = ["tone_code": 1]
        #expect(try call.signals("tone").isEmpty)
    }
}
