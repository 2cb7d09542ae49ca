import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

@Suite struct ClippingSignalTests {
    @Test func `flat tops in more than one percent of a second are clipping`() throws {
        var call = DrawnCall(inbound: "...####..##.......................................", outbound: "")
        // 2 % of each row's samples; half a second of it makes 1 %.
        call.meanings["#"] = ["speech_probability": 1, "level_dbfs": -3, "flat_top": 0.03]
        let told = try call.signals("clipping")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.map(\.start) == [0.3, 0.3])
        #expect(told.last?.end == 1.1)
    }

    @Test func `a few flat tops are not clipping`() throws {
        var call = DrawnCall(inbound: "...####..##........", outbound: "")
        call.meanings["#"] = ["speech_probability": 1, "flat_top": 0.005]
        #expect(try call.signals("clipping").isEmpty)
    }
}

@Suite struct PacketLossSignalTests {
    private func call(_ inbound: String) -> DrawnCall {
        var call = DrawnCall(inbound: inbound, outbound: "")
        call.meanings["o"] = ["empty_packets": 2]
        return call
    }

    @Test func `losing more than one percent of five seconds is packet loss`() throws {
        let told = try call("...o...o...o" + String(repeating: ".", count: 200)).signals("packet_loss")
        #expect(told.map(\.phase) == [.started, .ended])
        // A stretch is known with its last step.
        #expect(told.last?.start == 0.39)
        #expect(told.last?.end == 1.2)
        // 6 packets of 20 ms in 0.81 s.
        #expect(told.last?.values == [Signal.Entry("loss", .number(0.1481))])
    }

    @Test func `an occasional lost packet is not packet loss`() throws {
        let sparse = String(repeating: "." + String(repeating: ".", count: 60), count: 4)
        var call = DrawnCall(inbound: "o" + sparse + "o" + sparse, outbound: "")
        call.meanings["o"] = ["empty_packets": 1]
        #expect(try call.signals("packet_loss").isEmpty)
    }

    @Test func `gaps reported by the receiver count`() throws {
        let drawn = DrawnCall(inbound: String(repeating: ".", count: 100), outbound: "")
        var signals = CallSignals(settings: drawn.settings)
        for start in [1.0, 1.5] {
            signals.handle(gap(start, end: start + 0.06, cause: "lost"))
        }
        let told = try drawn.run(&signals)
        #expect(told.filter { $0.name == "packet_loss" }.map(\.phase) == [.started, .ended])
        #expect(signals.totals.inbound.gaps == 2)
        #expect(abs(signals.totals.inbound.gapSeconds - 0.12) < 1e-9)
    }

    private func gap(_ start: Double, end: Double, cause: String) -> Signal {
        Signal(
            "media.gap", .moment, track: .inbound, start: start, end: end,
            values: [Signal.Entry("cause", .text(cause))])
    }

    @Test func `media that was never sent is not lost`() throws {
        let drawn = DrawnCall(inbound: String(repeating: ".", count: 100), outbound: "")
        var signals = CallSignals(settings: drawn.settings)
        for start in [1.0, 1.5, 2, 2.5] { signals.handle(gap(start, end: start + 0.2, cause: "not_sent")) }
        #expect(try drawn.run(&signals).filter { $0.name == "packet_loss" }.isEmpty)
        #expect(signals.totals.inbound.gaps == 4)
    }

    @Test(arguments: ["lost", "not_sent"])
    func `the silence that fills a gap is not counted again`(cause: String) throws {
        // Gaps of 0.1 s where the characters are: five packets of silence each.
        var drawn = call("...o...o...o" + String(repeating: ".", count: 200))
        drawn.meanings["o"] = ["empty_packets": 5]
        var signals = CallSignals(settings: drawn.settings)
        for start in [0.3, 0.7, 1.1] { signals.handle(gap(start, end: start + 0.1, cause: cause)) }
        let told = try drawn.run(&signals).filter { $0.name == "packet_loss" && $0.phase == .ended }
        // 0.3 s from the end of the first gap to that of the third.
        #expect(told.map(\.values) == (cause == "lost" ? [[Signal.Entry("loss", .number(0.3704))]] : []))
    }

    @Test func `the pauses between digits are not packet loss`() throws {
        var call = DrawnCall(inbound: "..d.d.d.d.d.d.d....", outbound: "")
        call.drawing = .init(inbound: "..dz.dz.dz.dz.dz......", outbound: "", stepsPerCharacter: 1)
        call.meanings["d"] = ["dtmf_code": 5]
        call.meanings["z"] = ["empty_packets": 3]
        #expect(try call.signals("packet_loss").isEmpty)
    }
}

@Suite struct OneWayAudioSignalTests {
    /// Speech over noise of −60 dBFS, then six seconds of `fill` while the other side speaks.
    private func call(_ fill: [String: Float]) -> DrawnCall {
        var call = DrawnCall(
            inbound: "............###...###...###" + String(repeating: "o", count: 70) + "...###......",
            outbound: String(repeating: ".", count: 30) + String(repeating: "#", count: 60) + ".................."
        )
        call.meanings["o"] = fill
        return call
    }

    @Test(arguments: [Float(-96), -50])
    func `zeros and comfort noise in place of the usual background are one-way audio`(level: Float) throws {
        let told = try call(["level_dbfs": level]).signals("one_way_audio")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.allSatisfy { $0.track == .inbound && $0.start == 2.7 })
        #expect(told.last?.end == 9.7)
        #expect(told.last?.values == [Signal.Entry("fill", .text(level < -90 ? "zeros" : "noise"))])
    }

    @Test func `a quiet listener is heard`() throws {
        #expect(try call(["level_dbfs": -61]).signals("one_way_audio").isEmpty)
    }

    @Test func `a telephone whose pauses are always zero is heard`() throws {
        var call = call(["level_dbfs": -96])
        call.meanings["."] = ["level_dbfs": -96]
        #expect(try call.signals("one_way_audio").filter { $0.track == .inbound }.isEmpty)
    }
}

@Suite struct LevelLowSignalTests {
    private func call(_ level: Float) -> DrawnCall {
        var call = DrawnCall(inbound: "..#########################################.....", outbound: "")
        call.meanings["#"] = ["speech_probability": 1, "level_dbfs": level, "envelope_dbfs": level - 2]
        call.meanings["."] = ["level_dbfs": -70, "envelope_dbfs": -70]
        return call
    }

    @Test func `speech below the limit is reported from its start`() throws {
        let told = try call(-42).signals("level_low")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.last?.start == 0.2)
        #expect(told.last?.end == 4.3)
        #expect(told.last?.values == [Signal.Entry("level_dbov", .number(-42))])
    }

    @Test func `speech of nominal level is not reported`() throws {
        #expect(try call(-26).signals("level_low").isEmpty)
    }
}

@Suite struct HoldSuspectedSignalTests {
    @Test func `eight seconds of music are a hold, short pauses bridged`() throws {
        var call = DrawnCall(
            inbound: "",
            outbound: "##....................~~~~" + String(repeating: "~", count: 60) + "__________"
                + String(repeating: "~", count: 60) + "__________" + String(repeating: ".", count: 60)
        )
        // The measure is a mean over 3 s: it falls after the music has.
        call.meanings["_"] = ["line_stability": 0.3, "level_dbfs": -65]
        call.meanings["~"] = ["line_stability": 0.35, "level_dbfs": -25]
        let told = try call.signals("hold_suspected")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.last?.start == 2.2)
        #expect(told.last?.end == 15.6)
        #expect(told.last?.values == [Signal.Entry("cause", .text("music"))])
    }

    @Test func `a side that has spoken and is dead for 20 s may have put the other on hold`() throws {
        let call = {
            var call = DrawnCall(
                inbound: ".",
                outbound: "............###...###...###" + String(repeating: "o", count: 230) + "...###...."
            )
            call.meanings["o"] = ["level_dbfs": -96]
            return call
        }()
        let told = try call.signals("hold_suspected")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.last?.values == [Signal.Entry("cause", .text("dead_side"))])
        #expect(told.last?.end == 25.7)
    }

    @Test func `ringback for eight seconds is a hold by tone`() throws {
        let ring = "%%%%%%%%%%%%%%%%%%%%" + String(repeating: ".", count: 40)
        var call = DrawnCall(inbound: "", outbound: ring + ring + ring)
        call.meanings["%"] = ["tone_code": 3, "level_dbfs": -20]
        let told = try call.signals("hold_suspected")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.last?.values == [Signal.Entry("cause", .text("tone"))])
    }
}
