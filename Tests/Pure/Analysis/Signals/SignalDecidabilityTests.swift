import SidetoneModel
import Testing

@testable import SidetoneAnalysis

/// The earliest time at which a signal can be decided, by its definition.
@Suite struct SignalDecidabilityTests {
    private let call = DrawnCall(
        inbound: "..#######.............................................................",
        outbound: ".....#######..........................................................")

    private func decidableAt(_ name: String, phase: Signal.Phase) throws -> [Double?] {
        try call.signals(name).filter { $0.phase == phase }.map(\.decidableAt)
    }

    @Test func `a talk spurt waits for onset and hangover`() throws {
        #expect(try decidableAt("speech", phase: .started) == [0.26, 0.56])
        #expect(try decidableAt("speech", phase: .ended) == [1.14, 1.44])
    }

    @Test func `a turn waits for the onset of the side that takes it`() throws {
        #expect(try decidableAt("turn", phase: .started).first == 0.26)
    }

    @Test func `overtalk waits for its duration, and its end for the hangover`() throws {
        #expect(try decidableAt("overtalk", phase: .started) == [0.7])
        #expect(try decidableAt("overtalk", phase: .ended) == [1.14])
    }

    @Test func `dead air waits for its duration alone`() throws {
        #expect(try call.signals("dead_air").first?.start == 1.2)
        #expect(try decidableAt("dead_air", phase: .started).first == 6.2)
    }

    @Test func `a signal caused by the end of the call has no such time`() throws {
        #expect(try call.signals("dead_air").last?.phase == .ended)
        #expect(try decidableAt("dead_air", phase: .ended) == [nil])
    }

    @Test func `a signal independent of speech is reported at its own row, whatever is open`() throws {
        // The digit lies within the hangover of inbound's spurt.
        var call = DrawnCall(inbound: "..#######......", outbound: "..........D....")
        call.meanings["D"] = [
            "dtmf_ended": 5, "dtmf_age_ms": 50, "dtmf_length_ms": 50, "dtmf_level_dbfs": -20, "level_dbfs": -20,
        ]
        let told = try call.signals()
        let digit = try #require(told.firstIndex { $0.name == "dtmf" })
        let end = try #require(told.firstIndex { $0.name == "speech" && $0.phase == .ended })
        // The character's last step shows it.
        #expect(told[digit].decidableAt == 1.1)
        #expect(told[end].decidableAt == 1.14)
        #expect(digit < end)
    }
}
