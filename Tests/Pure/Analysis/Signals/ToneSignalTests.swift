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
    func `a tone is identified by frequency and cadence`(code: Int, drawing: String, kind: String) throws {
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

    @Test func `successive tones are separate intervals`() throws {
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

    // MARK: The beep of an answering machine

    /// Speech of a greeting, then a tone: one character is 50 ms.
    private static let greeting = String(repeating: "#", count: 30) + String(repeating: ".", count: 10)
    private static let after = String(repeating: ".", count: 30)

    private func tones(_ drawing: String, code: Int = 11, hz: Float = 1_000) throws -> [Signal] {
        var call = DrawnCall(inbound: "", outbound: "")
        call.drawing = .init(inbound: "", outbound: drawing, stepsPerCharacter: 5)
        call.meanings["%"] = ["tone_code": Float(code), "tone_hz": hz, "level_dbfs": -20]
        call.meanings["d"] = ["tone_code": 12, "tone_hz": 697, "dtmf_code": 1, "level_dbfs": -15]
        call.meanings["~"] = ["tone_code": 11, "tone_hz": 1_300, "level_dbfs": -20]
        return try call.signals("tone")
    }

    private static let beeps: [(code: Int, hz: Float, length: Int)] = [
        (11, 600, 8), (11, 1_000, 2), (11, 1_000, 29), (11, 2_000, 10), (9, 1_400, 8), (8, 950, 8), (5, 1_100, 4),
    ]

    @Test(arguments: beeps)
    func `a single tone after speech and before silence is an answering machine's beep`(
        code: Int, hz: Float, length: Int
    ) throws {
        let drawing = Self.greeting + String(repeating: "%", count: length) + Self.after
        let told = try tones(drawing, code: code, hz: hz)
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.allSatisfy { $0.values == [Signal.Entry("kind", .text("answering_machine_beep"))] })
        #expect(told.allSatisfy { abs($0.start - 1.98) < 1e-9 && $0.track == .outbound })
        #expect(abs((told.last?.end ?? 0) - (2 + Double(length) * 0.05)) < 1e-9)
    }

    private static let others: [(name: String, drawing: String, code: Int, hz: Float)] = [
        ("without speech before it", String(repeating: ".", count: 40) + "%%%%%%%%" + after, 11, 1_000),
        ("long after speech", greeting + String(repeating: ".", count: 100) + "%%%%%%%%" + after, 11, 1_000),
        ("before speech", greeting + "%%%%%%%%....##########" + after, 11, 1_000),
        ("too long", greeting + String(repeating: "%", count: 32) + after, 11, 1_000),
        ("too short", greeting + "%" + after, 11, 1_000),
        ("a network's", greeting + "%%%%%%%%" + after, 1, 440),
        ("a pair", greeting + "%%%%%%%%" + after, 12, 600),
        ("a pair of the plans", greeting + "%%%%%%%%" + after, 4, 0),
        ("too low", greeting + "%%%%%%%%" + after, 11, 300), ("too high", greeting + "%%%%%%%%" + after, 11, 2_500),
        ("CED", greeting + String(repeating: "%", count: 18) + after, 7, 2_100),
        ("notes of a tune", greeting + "%%%%%%~~~~~~..%%%%%%" + after, 11, 1_000),
        ("a note soon after another", greeting + "~~~~~~........%%%%%%" + after, 11, 1_000),
        ("a digit", greeting + "dddd" + after, 11, 1_000),
    ]

    @Test(arguments: others)
    func `no other tone is a beep`(name: String, drawing: String, code: Int, hz: Float) throws {
        let told = try tones(drawing, code: code, hz: hz)
        // A tune's first note is not followed by silence, and the others follow a note.
        #expect(
            !told.contains { $0.values == [Signal.Entry("kind", .text("answering_machine_beep"))] }, "\(name) \(told)")
    }

    @Test func `a fax tone after an announcement is still a fax`() throws {
        let told = try tones(Self.greeting + "%%%%%%%%%%" + Self.after, code: 5, hz: 1_100)
        #expect(told.allSatisfy { $0.values == [Signal.Entry("kind", .text("fax_cng"))] } && !told.isEmpty)
    }

    @Test func `a stray match is no tone`() throws {
        var call = DrawnCall(inbound: "...%%.....%......%%%..%%%...", outbound: "")
        call.drawing = .init(inbound: "...%%.....%......%%%..%%%...", outbound: "", stepsPerCharacter: 2)
        call.meanings["%"] = ["tone_code": 1]
        #expect(try call.signals("tone").isEmpty)
    }
}
