import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

/// A digit is an event: reported once, at any rate and on any grid, to the end of the track.
@Suite struct DigitDeliveryTests {
    private static func digits(_ signals: [Signal]) -> [String] {
        signals.filter { $0.name == "dtmf" }.compactMap { signal in
            if case .text(let digit)? = signal.values.first(where: { $0.name == "digit" })?.value { digit } else { nil }
        }
    }

    @Test(arguments: [
        (8_000, 25.0, 10.0), (11_025, 25, 10), (22_050, 25, 10), (44_100, 25, 10), (16_000, 25, 10), (8_000, 25, 7),
        (8_000, 25, 25), (8_000, 60, 13.7), (11_025, 32, 12.5), (8_000, 200, 200), (8_000, 100, 33),
    ])
    func `sixteen fast digits are all reported, at their times`(rate: Int, windowMs: Double, hopMs: Double) throws {
        var sound = DrawnSound(rate: rate)
        sound.pause(0.3)
        for code in 1...16 {
            sound.digit(code, seconds: 0.055)
            sound.pause(0.045)
        }
        sound.pause(0.3)
        var call = AnalyzedCall()
        call.settings.windowMs = windowMs
        call.settings.hopMs = hopMs
        call.inbound = .init(samples: sound.samples, rate: rate)
        let told = try call.signals("dtmf")
        #expect(Self.digits(told) == DTMFReceiver.digits)
        for (index, signal) in told.enumerated() {
            // ±5 ms: edges of tones that do not have whole periods in a window.
            #expect(abs(signal.start - 0.3 - 0.1 * Double(index)) < 0.005)
            #expect(abs((signal.end ?? 0) - 0.355 - 0.1 * Double(index)) < 0.005)
        }
    }

    @Test(arguments: [(8_000, 25.0, 10.0), (11_025, 25, 10), (8_000, 200, 200)], [0.0, 0.001, 0.01, 0.03])
    func `a digit at the very end of a track is reported`(grid: (Int, Double, Double), after: Double) throws {
        var sound = DrawnSound(rate: grid.0)
        sound.pause(0.5)
        sound.digit(6, seconds: 0.05)
        sound.pause(after)
        var call = AnalyzedCall()
        call.settings.windowMs = grid.1
        call.settings.hopMs = grid.2
        call.inbound = .init(samples: sound.samples, rate: grid.0)
        let told = try call.signals("dtmf")
        #expect(Self.digits(told) == ["5"])
        #expect(told.allSatisfy { ($0.end ?? 9) <= sound.seconds && abs($0.start - 0.5) < 0.005 })
    }

    @Test(arguments: [8_000, 11_025])
    func `a digit after ten seconds of zeros is reported at its time`(rate: Int) throws {
        var sound = DrawnSound(rate: rate)
        sound.pause(0.5)
        sound.pause(10, amplitude: 0)
        sound.digit(6, seconds: 0.1)
        sound.pause(0.5)
        var call = AnalyzedCall()
        call.inbound = .init(samples: sound.samples, rate: rate)
        let told = try call.signals("dtmf")
        #expect(told.count == 1)
        // ±5 ms, as above.
        #expect(told.allSatisfy { abs($0.start - 10.5) < 0.005 && abs(($0.end ?? 0) - 10.6) < 0.005 })
    }

    @Test func `a digit on one track alone, shorter than a window, is reported`() throws {
        var sound = DrawnSound()
        sound.pause(0.02)
        sound.digit(1, seconds: 0.08)
        var call = AnalyzedCall()
        call.settings.windowMs = 200
        call.settings.hopMs = 200
        call.inbound = .init(samples: sound.samples)
        #expect(Self.digits(try call.run().signals) == ["1"])
    }

    @Test(arguments: [0.1, 0.5, 2, 6])
    func `a digit is speech neither in the rows nor in the signals, however long`(seconds: Double) throws {
        var sound = DrawnSound()
        sound.pause(1)
        sound.digit(5, seconds: seconds)
        sound.pause(1)
        var call = AnalyzedCall()
        call.inbound = .init(samples: sound.samples)
        let result = try call.run()
        #expect(result.signals.filter { $0.name == "speech" }.isEmpty)
        #expect(result.rows[.inbound]?["speech"]?.allSatisfy { $0 == 0 } == true)
    }

    /// One character is a row: a digit in the sound, whose end is known at row 23.
    private func call() -> DrawnCall {
        var call = DrawnCall(inbound: "", outbound: "")
        call.drawing = .init(inbound: "..........5555555555...e......", outbound: "", stepsPerCharacter: 1)
        call.meanings["5"] = ["dtmf_code": 6, "dtmf_level_dbfs": -16]
        call.meanings["e"] = [
            "dtmf_ended": 6, "dtmf_level_dbfs": -16, "dtmf_age_ms": 130, "dtmf_length_ms": 100,
        ]
        return call
    }

    /// The digits of the drawn call, with platform events before and after its sound.
    private func told(before: [WireDigit], after: [WireDigit] = [], at seconds: Double = 0.25) throws -> [Signal] {
        let drawn = call()
        var signals = CallSignals(settings: drawn.settings)
        var told: [Signal] = []
        for digit in before { signals.handle(digit, at: seconds) { told.append($0) } }
        told += try drawn.run(&signals).filter { $0.name == "dtmf" }
        for digit in after { signals.handle(digit, at: seconds) { told.append($0) } }
        return told
    }

    @Test func `a key press reported by the platform and detected in the audio is one digit`() throws {
        #expect(Self.digits(try told(before: [WireDigit(digit: "5", track: .inbound)])) == ["5"])
        #expect(Self.digits(try told(before: [WireDigit(digit: "5")])) == ["5"])
        // Another digit, another track, and one that is too far away are presses of their own.
        #expect(Self.digits(try told(before: [WireDigit(digit: "6", track: .inbound)])) == ["6", "5"])
        #expect(Self.digits(try told(before: [WireDigit(digit: "5", track: .outbound)])) == ["5", "5"])
        #expect(Self.digits(try told(before: [WireDigit(digit: "5", track: .inbound)], at: 1.5)) == ["5", "5"])
    }

    @Test func `of two key presses reported by the platform, one is detected in the audio`() throws {
        let twice = [WireDigit(digit: "5", track: .inbound), WireDigit(digit: "5", track: .inbound)]
        #expect(Self.digits(try told(before: twice)) == ["5", "5"])
    }

    @Test func `the platform's digit lies within the call`() throws {
        let told = try told(before: [WireDigit(digit: "7", track: .inbound, durationMs: 400)])
        #expect(told.first?.start == 0 && told.first?.end == 0.25)
        #expect(told.first?.values.last == Signal.Entry("detector", .text("platform")))
    }
}
