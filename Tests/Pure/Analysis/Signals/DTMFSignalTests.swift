import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

@Suite struct DTMFSignalTests {
    /// One character is a row: a digit of 100 ms, whose end becomes known 30 ms later.
    private func call(inbound: String, outbound: String) -> DrawnCall {
        var call = DrawnCall(inbound: "", outbound: "")
        call.drawing = CallDrawing(inbound: inbound, outbound: outbound, stepsPerCharacter: 1)
        for (sounding, ended, level) in [("5", "e", Float(-16.18)), ("w", "x", -40)] {
            call.meanings[Character(sounding)] = ["dtmf_code": 6, "dtmf_level_dbfs": level]
            call.meanings[Character(ended)] = [
                "dtmf_ended": 6, "dtmf_level_dbfs": level, "dtmf_age_ms": 130, "dtmf_length_ms": 100,
            ]
        }
        return call
    }

    @Test func `a digit is reported once with its own times`() throws {
        let told = try call(inbound: "..........5555555555...e.....", outbound: "").signals("dtmf")
        #expect(
            told == [
                Signal(
                    "dtmf", .moment, track: .inbound, start: 0.1, end: 0.2,
                    values: [Signal.Entry("digit", .text("5")), Signal.Entry("level_dbm0", .number(-10))])
            ])
    }

    @Test func `the echo of the other track's digit is not reported`() throws {
        let told = try call(
            inbound: "............wwwwwwwwww...x.....",
            outbound: "..........5555555555...e......."
        ).signals("dtmf")
        #expect(told.map(\.track) == [.outbound])
    }

    @Test func `the same digit on both sides, equally loud, counts twice`() throws {
        let told = try call(
            inbound: "............5555555555...e.....",
            outbound: "..........5555555555...e......."
        ).signals("dtmf")
        #expect(told.map(\.track) == [.outbound, .inbound])
    }

    @Test func `a digit that a detector classifies as speech opens no talk spurt`() throws {
        var call = call(inbound: "..........##5555555555#..e...............................", outbound: "")
        call.meanings["5"]?["speech_probability"] = 1
        #expect(try call.signals("speech").isEmpty)
        #expect(try call.signals("turn").isEmpty)
    }
}
