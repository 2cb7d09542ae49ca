import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

/// No interval twice, one end for every start, and nothing outside of the call: over drawn calls and over drawn sounds.
@Suite struct SignalInvariantsTests {
    /// What a character means, for calls drawn in columns: every code of a tone, music, digits, dead lines, clipping.
    private static func meanings() -> [Character: [String: Float]] {
        var meanings: [Character: [String: Float]] = [
            "#": ["speech_probability": 1, "level_dbfs": -26, "envelope_dbfs": -28, "zcr": 0.1],
            "s": ["speech_probability": 1, "level_dbfs": -45, "envelope_dbfs": -47, "zcr": 0.1],
            "m": ["line_stability": 0.4, "level_dbfs": -24, "zcr": 0.1],
            "0": ["level_dbfs": -96], "c": ["flat_top": 0.3, "speech_probability": 1, "level_dbfs": -3],
            "z": ["level_dbfs": -60, "empty_packets": 2],
            "d": ["dtmf_code": 5, "dtmf_level_dbfs": -16, "level_dbfs": -13],
            "e": [
                "dtmf_ended": 5, "dtmf_level_dbfs": -16, "dtmf_age_ms": 60, "dtmf_length_ms": 50, "level_dbfs": -60,
            ],
        ]
        for code in 1...11 {
            meanings[Character(UnicodeScalar(UInt8(64 + code)))] = [
                "tone_code": Float(code), "tone_hz": [1: 425, 11: 1_300][code] ?? 0, "level_dbfs": -20, "zcr": 0.1,
            ]
        }
        return meanings
    }

    /// Stretches of random lengths, with repeats of the last two, so that rhythms arise.
    private func line(_ steps: Int, letters: [Character], random: inout SplitMix64) -> String {
        var line = ""
        var stretches: [String] = []
        while line.count < steps {
            if stretches.count >= 2, random.fraction() < 0.6 {
                line += stretches[stretches.count - 2] + stretches[stretches.count - 1]
                continue
            }
            let letter = random.fraction() < 0.4 ? "." : letters[Int(random.next() % UInt64(letters.count))]
            let length = 1 + Int(pow2(random.fraction() * 7))
            stretches.append(String(repeating: letter, count: length))
            line += stretches[stretches.count - 1]
        }
        return String(line.prefix(steps))
    }

    private func pow2(_ exponent: Double) -> Double {
        var value = 1.0
        for _ in 0..<Int(exponent) { value *= 2 }
        return value * (1 + exponent - exponent.rounded(.down))
    }

    @Test func `random rows break no rule`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let meanings = Self.meanings()
        let letters = meanings.keys.sorted()
        var names: Set<String> = []
        for number in 0..<60 {
            // Short limits, so that forty seconds reach them.
            var call = DrawnCall(
                inbound: "", outbound: "",
                [
                    ("monologue_ms", .integer(3_000)), ("hold_ms", .integer(1_000)), ("hold_dead_ms", .integer(1_000)),
                    ("one_way_ms", .integer(500)), ("silence_ms", .integer(500)), ("dead_air_ms", .integer(1_000)),
                    ("dead_air_alert_ms", .integer(2_000)),
                ])
            call.meanings = meanings
            call.drawing = CallDrawing(
                inbound: line(800, letters: letters, random: &random),
                outbound: line(800, letters: letters, random: &random), stepsPerCharacter: 5)
            let told = try call.signals()
            names.formUnion(told.map(\.name))
            let length = Double(call.drawing.steps) * 0.01
            #expect(SignalCheck.problems(told, length: length).isEmpty, "seed \(seed), call \(number)")
        }
        // Sixty calls that tell next to nothing would prove nothing.
        #expect(names.isSuperset(of: ["speech", "turn", "tone", "dtmf", "overtalk", "silence"]), "seed \(seed)")
    }

    @Test func `European ringback, then silence for two minutes, is one interval`() throws {
        var call = DrawnCall(inbound: "", outbound: "")
        let ring = String(repeating: "%", count: 10) + String(repeating: ".", count: 40)
        call.drawing = CallDrawing(inbound: "", outbound: ring + ring + String(repeating: ".", count: 1_200))
        call.meanings["%"] = ["tone_code": 1, "tone_hz": 425, "level_dbfs": -20]
        let told = try call.signals("tone")
        #expect(told.map(\.phase) == [.started, .ended])
        #expect(told.map(\.start) == [0, 0])
        #expect(told.last?.end == 6)
    }

    /// Sounds of all kinds one after another, at odd rates and hops, one track longer than the other.
    @Test(arguments: [
        (8_000, 25.0, 10.0), (11_025, 25, 10), (22_050, 25, 10), (8_000, 32, 7.3), (16_000, 60, 60), (11_025, 25, 25),
        (44_100, 25, 10), (8_000, 200, 200),
    ])
    func `random sounds break no rule`(rate: Int, windowMs: Double, hopMs: Double) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        var call = AnalyzedCall()
        call.settings.windowMs = windowMs
        call.settings.hopMs = hopMs
        call.inbound = .init(samples: sounds(rate, seconds: 9, random: &random), rate: rate)
        call.outbound = .init(samples: sounds(8_000, seconds: 7, random: &random), rate: 8_000)
        let result = try call.run()
        #expect(SignalCheck.problems(result.signals, length: call.length).isEmpty, "seed \(seed)")
    }

    private func sounds(_ rate: Int, seconds: Double, random: inout SplitMix64) -> [Float] {
        var sound = DrawnSound(rate: rate, seed: random.next())
        while sound.seconds < seconds {
            let length = 0.05 + random.fraction()
            switch random.next() % 8 {
            case 0: sound.voice(length * 2)
            case 1: sound.pause(length * 3, amplitude: 0)
            case 2: sound.tone([300 + 3_000 * random.fraction()], seconds: length)
            case 3: sound.cadence([425], onOff: [length, length], times: 3)
            case 4:
                sound.cadence(
                    [[440, 480], [350, 440], [480, 620]][Int(random.next() % 3)], onOff: [length, length], times: 2)
            case 5: for code in 1...3 { sound.digit(code, seconds: 0.05); sound.pause(0.05) }
            case 6: sound.cadence([1_100], onOff: [0.5, 3], times: 1)
            default: sound.pause(length)
            }
        }
        return sound.samples
    }
}
