import Foundation
import SidetoneModel
import Testing

@testable import SidetoneAnalysis

/// Tones drawn by the plans of E.180 Supplement 2, of North America and of T.30, from samples to signals.
@Suite struct ToneAudioTests {
    struct Plan: Sendable, CustomTestStringConvertible {
        var name: String
        var hz: [Double]
        var cadence: [Double]
        var times: Int
        var kind: String
        var testDescription: String { "\(name) \(kind)" }
    }

    static let plans: [Plan] = [
        Plan(name: "Germany", hz: [425], cadence: [5, 0.5], times: 1, kind: "dial"),
        Plan(name: "Germany", hz: [425], cadence: [1, 4], times: 2, kind: "ringback"),
        Plan(name: "Germany", hz: [425], cadence: [0.48, 0.48], times: 5, kind: "busy"),
        Plan(name: "Germany", hz: [425], cadence: [0.24, 0.24], times: 8, kind: "reorder"),
        Plan(name: "limit 410", hz: [410], cadence: [1, 4], times: 2, kind: "ringback"),
        Plan(name: "limit 440", hz: [440], cadence: [0.5, 0.5], times: 5, kind: "busy"),
        Plan(name: "China", hz: [450], cadence: [1, 4], times: 2, kind: "ringback"),
        Plan(name: "China", hz: [450], cadence: [0.35, 0.35], times: 6, kind: "busy"),
        Plan(name: "China", hz: [450], cadence: [0.7, 0.7], times: 4, kind: "busy"),
        Plan(name: "Japan", hz: [400], cadence: [0.5, 0.5], times: 5, kind: "busy"),
        Plan(name: "Sweden", hz: [425], cadence: [0.25, 0.75], times: 5, kind: "reorder"),
        Plan(name: "United Kingdom", hz: [350, 440], cadence: [3, 0.5], times: 1, kind: "dial"),
        Plan(name: "United Kingdom", hz: [350, 450], cadence: [3, 0.5], times: 1, kind: "dial"),
        Plan(name: "United Kingdom", hz: [400, 450], cadence: [0.4, 0.2, 0.4, 2], times: 3, kind: "ringback"),
        Plan(name: "United Kingdom", hz: [400], cadence: [0.375, 0.375], times: 6, kind: "busy"),
        Plan(name: "United Kingdom", hz: [400], cadence: [0.4, 0.35, 0.225, 0.525], times: 3, kind: "reorder"),
        Plan(name: "Australia", hz: [425], cadence: [0.4, 0.2, 0.4, 2], times: 3, kind: "ringback"),
        Plan(name: "North America", hz: [350, 440], cadence: [3, 0.5], times: 1, kind: "dial"),
        Plan(name: "North America", hz: [440, 480], cadence: [2, 4], times: 2, kind: "ringback"),
        Plan(name: "North America", hz: [480, 620], cadence: [0.5, 0.5], times: 5, kind: "busy"),
        Plan(name: "North America", hz: [480, 620], cadence: [0.25, 0.25], times: 8, kind: "reorder"),
        Plan(name: "T.30", hz: [1_100], cadence: [0.5, 3], times: 3, kind: "fax_cng"),
        Plan(name: "T.30 limits", hz: [1_138], cadence: [0.575, 3.45], times: 3, kind: "fax_cng"),
        Plan(name: "T.30 limits", hz: [1_062], cadence: [0.425, 2.55], times: 3, kind: "fax_cng"),
        Plan(name: "T.30", hz: [2_100], cadence: [3, 1], times: 1, kind: "fax_ced"),
        Plan(name: "off the plans", hz: [1_160], cadence: [0.5, 3], times: 3, kind: "unknown"),
        Plan(name: "off the plans", hz: [800], cadence: [1, 4], times: 3, kind: "unknown"),
        Plan(name: "off the plans", hz: [1_300], cadence: [0.2, 0.3], times: 6, kind: "unknown"),
        Plan(name: "off the plans", hz: [600, 900], cadence: [0.5, 0.5], times: 5, kind: "unknown"),
        Plan(name: "off the plans", hz: [1_000], cadence: [6, 0.5], times: 1, kind: "unknown"),
    ]

    @Test(arguments: plans)
    func `a plan's tone is one interval of its kind, from its first burst to its last`(plan: Plan) throws {
        var sound = DrawnSound()
        sound.pause(0.5)
        sound.cadence(plan.hz, onOff: plan.cadence, times: plan.times)
        let last = sound.seconds - (plan.cadence.last ?? 0)
        sound.pause(1)
        var call = AnalyzedCall()
        call.outbound = .init(samples: sound.samples)
        let result = try call.run()
        let told = result.signals.filter { $0.name == "tone" }
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.allSatisfy { $0.values == [Signal.Entry("kind", .text(plan.kind))] }, "\(told.map(\.values))")
        // ±35 ms: the code of a tone needs 30 to 50 ms of it.
        #expect(abs((told.last?.start ?? 0) - 0.5) <= 0.035, "starts at \(told.last?.start ?? -1)")
        #expect(abs((told.last?.end ?? 0) - last) <= 0.035, "ends at \(told.last?.end ?? -1), drawn to \(last)")
        #expect(result.signals.filter { $0.name == "dead_air" || $0.name == "speech" }.isEmpty)
        #expect(SignalCheck.problems(result.signals, length: call.length).isEmpty)
    }

    @Test(arguments: [1.0, 0.95, 1.05])
    func `special information tones are one interval`(deviation: Double) throws {
        var sound = DrawnSound()
        sound.pause(0.5)
        for _ in 0..<2 {
            for hz in [950.0, 1_400, 1_800] { sound.tone([hz * (1 + (deviation - 1) / 2)], seconds: 0.33) }
            sound.pause(1)
        }
        var call = AnalyzedCall()
        call.outbound = .init(samples: sound.samples)
        let told = try call.signals("tone")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.allSatisfy { $0.values == [Signal.Entry("kind", .text("sit"))] }, "\(told.map(\.values))")
        #expect(abs((told.last?.end ?? 0) - 3.48) <= 0.035)
    }

    @Test func `an answer tone with phase reversals is one interval`() throws {
        // ANS of V.25: the phase turns by 180° every 450 ms.
        let samples = (0..<32_000).map { n -> Float in
            let time = Double(n) / 8_000
            guard time >= 0.5, time < 3.5 else { return 0 }
            let sign: Float = Int((time - 0.5) / 0.45) % 2 == 0 ? 1 : -1
            return sign * 0.1 * Float(sin2pi(2_100 * time))
        }
        var call = AnalyzedCall()
        call.outbound = .init(samples: samples)
        let told = try call.signals("tone")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.last?.values == [Signal.Entry("kind", .text("fax_ced"))])
        #expect(abs((told.last?.end ?? 0) - 3.5) <= 0.035)
    }

    private func sin2pi(_ turns: Double) -> Double {
        DrawnSound.wave(turns)
    }

    @Test func `a voice, digits and noise are not tones`() throws {
        var sound = DrawnSound()
        for _ in 0..<3 {
            sound.voice(3, hz: 110)
            sound.voice(2, hz: 210)
            for code in 1...16 {
                sound.digit(code, seconds: 0.1)
                sound.pause(0.1)
            }
            sound.digit(3, seconds: 4)
            sound.pause(1, amplitude: 0.05)
        }
        var call = AnalyzedCall()
        call.inbound = .init(samples: sound.samples)
        #expect(try call.signals("tone").isEmpty)
    }

    @Test(arguments: [8_000, 11_025, 16_000, 44_100])
    func `a tone is recognised at every rate`(rate: Int) throws {
        var sound = DrawnSound(rate: rate)
        sound.pause(0.5)
        sound.cadence([425], onOff: [0.5, 0.5], times: 4)
        sound.pause(2)
        var call = AnalyzedCall()
        call.outbound = .init(samples: sound.samples, rate: rate)
        let told = try call.signals("tone")
        #expect(told.map(\.values) == Array(repeating: [Signal.Entry("kind", .text("busy"))], count: 2))
    }

    @Test(arguments: [(600.0, 0.5), (1_000, 0.4), (1_400, 0.5), (1_950, 0.25), (850, 1.4)])
    func `a beep after a greeting is heard, to its edges`(hz: Double, seconds: Double) throws {
        var sound = DrawnSound()
        sound.pause(0.5)
        sound.voice(3)
        sound.pause(0.7)
        let start = sound.seconds
        sound.tone([hz], seconds: seconds)
        sound.pause(2)
        var call = AnalyzedCall()
        call.outbound = .init(samples: sound.samples)
        let told = try call.run().signals.filter { $0.name == "tone" }
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.allSatisfy { $0.values == [Signal.Entry("kind", .text("answering_machine_beep"))] }, "\(told)")
        // Steps of 10 ms, and 20 ms that a tone's code may come early or late.
        #expect(abs((told.last?.start ?? 0) - start) <= 0.04 && abs((told.last?.end ?? 0) - start - seconds) <= 0.04)
    }

    @Test func `digits, a glide and a vibrato after speech are no beep`() throws {
        for kind in 0..<3 {
            var sound = DrawnSound()
            sound.pause(0.5)
            sound.voice(3)
            sound.pause(0.7)
            switch kind {
            case 0:
                for digit in 1...3 {
                    sound.digit(digit, seconds: 0.12)
                    sound.pause(0.12)
                }
            // A whistle: it glides by an octave, or swings by 5 %.
            case 1:
                sound.append((0..<4_000).map { 0.1 * Self.sine(800 * Double($0) / 8_000 * (1 + Double($0) / 8_000)) })
            default:
                sound.append(
                    (0..<4_000).map { n in
                        let time = Double(n) / 8_000
                        return 0.1 * Self.sine(1_200 * time + 1.6 * Double(Self.sine(6 * time)))
                    })
            }
            sound.pause(2)
            var call = AnalyzedCall()
            call.outbound = .init(samples: sound.samples)
            let told = try call.run().signals.filter { $0.name == "tone" }
            #expect(!told.contains { $0.values == [Signal.Entry("kind", .text("answering_machine_beep"))] }, "\(kind)")
        }
    }

    private static func sine(_ turns: Double) -> Float { Float(sin(2 * .pi * turns)) }
}
