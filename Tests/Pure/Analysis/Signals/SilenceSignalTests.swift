import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

@Suite struct SilenceSignalTests {
    @Test func `three seconds without speech on either side are silence`() throws {
        let call = DrawnCall(
            inbound: "..###...............................................####",
            outbound: ".....###..............................................."
        )
        #expect(
            try call.signals("silence") == [
                Signal("silence", .started, start: 0.8),
                Signal("silence", .ended, start: 0.8, end: 5.2),
            ])
    }

    @Test func `a blip does not end a reported silence, a word and a digit do`() throws {
        let before = "##" + String(repeating: ".", count: 40)
        let after = String(repeating: ".", count: 40)
        func ends(_ middle: String) throws -> [Double?] {
            var call = DrawnCall(inbound: before + middle + after, outbound: "")
            call.meanings["d"] = ["dtmf_code": 4]
            return try call.signals("silence").filter { $0.phase == .ended }.map(\.end)
        }
        #expect(try ends("##") == [8.4])
        #expect(try ends("####") == [4.2, 8.6])
        #expect(try ends("d") == [4.2, 8.3])
    }

    @Test func `a spurious tone match does not end a silence`() throws {
        var call = DrawnCall(inbound: "", outbound: "")
        let quiet = String(repeating: ".", count: 200)
        call.drawing = CallDrawing(inbound: "##########" + quiet + "%" + quiet, outbound: "", stepsPerCharacter: 2)
        call.meanings["%"] = ["tone_code": 1, "tone_hz": 476, "level_dbfs": -40]
        // From the end of the speech, at 0.2 s, to the end of the call.
        #expect(try call.signals("silence").last?.start == 0.2)
        #expect(try call.signals("silence").map(\.phase) == [.started, .ended])
    }

    @Test func `shorter silences are not reported`() throws {
        let call = DrawnCall(inbound: "###............................", outbound: "..............................#")
        #expect(try call.signals("silence").isEmpty)
    }

    @Test(arguments: ["music", "tone", "digit"])
    func `music, tones and digits are not silence`(sound: String) throws {
        var call = DrawnCall(
            inbound: "###...............................................",
            outbound: "...~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"
        )
        let columns: [String: [String: Float]] = [
            "music": ["line_stability": 0.4], "tone": ["tone_code": 1], "digit": ["dtmf_code": 5],
        ]
        call.meanings["~"] = (columns[sound] ?? [:]).merging(["level_dbfs": -20]) { $1 }
        #expect(try call.signals("silence").isEmpty)
        #expect(try call.signals("dead_air").isEmpty)
    }
}

@Suite struct DeadAirSignalTests {
    @Test func `a prolonged silence is reported as a warning, then as an alert, and ends once`() throws {
        let call = DrawnCall(
            inbound: "##" + String(repeating: ".", count: 120) + "##",
            outbound: ""
        )
        let told = try call.signals("dead_air")
        #expect(told.map(\.phase) == [.started, .started, .ended])
        #expect(told.map(\.start) == [0.2, 0.2, 0.2])
        #expect(told.last?.end == 12.2)
        #expect(told.map(\.values) == ["warn", "alert", "alert"].map { [Signal.Entry("severity", .text($0))] })
    }

    @Test func `its limit can be set`() throws {
        let drawing = "##.............................##"
        #expect(try DrawnCall(inbound: drawing, outbound: "").signals("dead_air").isEmpty)
        let call = DrawnCall(inbound: drawing, outbound: "", [("dead_air_ms", .integer(2_000))])
        #expect(try call.signals("dead_air").map(\.phase) == [.started, .ended])
    }
}
