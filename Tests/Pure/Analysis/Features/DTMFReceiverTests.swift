import SidetoneModel
import Testing

@testable import SidetoneAnalysis

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The limits of ITU-T Q.24, on digits drawn by formula.
@Suite struct DTMFReceiverTests {
    /// A digit between 200 ms of quiet.
    struct Drawn: Sendable, CustomTestStringConvertible {
        var digit = "5"
        var ms = 100.0
        /// Of each tone, less and plus half the twist.
        var dBm0 = -10.0
        var twistDB = 0.0
        var lowDeviation = 0.0
        var highDeviation = 0.0
        var rate = 8_000
        /// Where it begins within a block of 10 ms.
        var offsetMs = 3.7
        var noiseDB: Double?
        var breakMs: Double?
        /// By how much the tones' phases are turned after the break.
        var turn = 0.0

        var testDescription: String {
            "\(digit) \(ms) ms \(dBm0) dBm0 twist \(twistDB) \(lowDeviation) \(highDeviation) \(rate) Hz +\(offsetMs)"
        }

        var startMs: Double { 200 + offsetMs }

        func samples(seed: UInt64 = 1) -> [Float] {
            let code = DTMFReceiver.digits.firstIndex(of: digit) ?? 0
            let low = DTMFReceiver.frequencies[code / 4] * (1 + lowDeviation)
            let high = DTMFReceiver.frequencies[code % 4 + 4] * (1 + highDeviation)
            // RMS 0 dBm0 is −6.18 dBov; a sine's amplitude is √2 of its RMS.
            func amplitude(_ dB: Double) -> Double { pow(10, (dB - 6.18) / 20) * 2.0.squareRoot() }
            let lowAmplitude = amplitude(dBm0 - twistDB / 2)
            let highAmplitude = amplitude(dBm0 + twistDB / 2)
            var random = SplitMix64(seed: seed)
            // Uniform noise of ±a has the power a²/3.
            let noise = noiseDB.map {
                (3.0 * (pow(lowAmplitude, 2) + pow(highAmplitude, 2)) / 2).squareRoot() * pow(10, -$0 / 20)
            }
            let middle = startMs + ms / 2
            return (0..<Int((400 + ms) / 1000 * Double(rate))).map { n in
                let time = Double(n) / Double(rate)
                var value = noise.map { Double.random(in: -$0...$0, using: &random) } ?? 0
                let isBreak = breakMs.map { abs(time * 1000 - middle) < $0 / 2 } ?? false
                if time * 1000 >= startMs && time * 1000 < startMs + ms && !isBreak {
                    let phase = time * 1000 < middle ? 0 : turn
                    value += lowAmplitude * sin(2 * .pi * low * time + phase)
                    value += highAmplitude * sin(2 * .pi * high * time + phase)
                }
                return Float(value)
            }
        }
    }

    private func digits(_ samples: [Float], rate: Int) -> [(
        digit: String, startMs: Double, endMs: Double, level: Float
    )] {
        var receiver = DTMFReceiver(sampleRate: rate, minimumDBm0: -29, minimumMs: 32)
        var found: [DTMFReceiver.Digit] = []
        var at = 0
        while at + receiver.blockLength <= samples.count {
            let block = Array(samples[at..<at + receiver.blockLength])
            if let digit = receiver.process(block.span) { found.append(digit) }
            at += receiver.blockLength
        }
        if let digit = receiver.finish() { found.append(digit) }
        let perMs = Double(rate) / 1000
        return found.map {
            (DTMFReceiver.digits[$0.code - 1], Double($0.start) / perMs, Double($0.end) / perMs, $0.levelDBFS)
        }
    }

    @Test(arguments: DTMFReceiver.digits, [8_000, 16_000, 48_000])
    func `each digit is detected at every rate`(digit: String, rate: Int) {
        let drawn = Drawn(digit: digit, rate: rate)
        let found = digits(drawn.samples(), rate: rate)
        #expect(found.map(\.digit) == [digit])
        // ±3 ms: the amplitudes of the edge windows, of tones that do not have whole periods in them.
        #expect(
            found.allSatisfy { abs($0.startMs - drawn.startMs) < 3 && abs($0.endMs - drawn.startMs - drawn.ms) < 3 })
        // ±0.3 dB: what 20 ms tell of the amplitude next to another tone.
        #expect(found.allSatisfy { abs($0.level + 16.18) < 0.3 })
    }

    static let accepted: [Drawn] =
        [0.0, 2.5, 5, 7.5, 9.9].map { Drawn(ms: 40, offsetMs: $0) }
        + ["1", "D", "9"].flatMap { digit in
            [-0.015, 0.015].flatMap { low in
                [-0.015, 0.015].map { Drawn(digit: digit, ms: 50, lowDeviation: low, highDeviation: $0) }
            }
        }
        + [-8.0, -4, 2, 4].map { Drawn(ms: 60, twistDB: $0) }
        + [0.0, -25].map { Drawn(ms: 60, dBm0: $0) }
        + [Drawn(ms: 60, dBm0: -12, noiseDB: 15), Drawn(ms: 2_000), Drawn(ms: 100, breakMs: 8)]

    @Test(arguments: accepted)
    func `what Q_24 requires to be accepted is one digit`(drawn: Drawn) {
        let found = digits(drawn.samples(), rate: drawn.rate)
        #expect(found.map(\.digit) == [drawn.digit])
        // ±10 ms of a bound of 20: noise of 15 dB moves an edge by a few.
        #expect(
            found.allSatisfy { abs($0.startMs - drawn.startMs) < 10 && abs($0.endMs - drawn.startMs - drawn.ms) < 10 })
    }

    /// Breaks that Q.24 wants bridged, wherever they fall, with the tones in phase after them or not.
    @Test(arguments: [1.0, 5, 8, 9, 10], [8_000, 11_025, 16_000, 22_050])
    func `a break within a key press is not a second digit`(breakMs: Double, rate: Int) {
        for digit in ["1", "5", "D"] {
            for offset in stride(from: 0.0, to: 10, by: 1.7) {
                for turn in [0.0, 1.6, 3.1] {
                    let key = Drawn(digit: digit, ms: 110, rate: rate, offsetMs: offset, breakMs: breakMs, turn: turn)
                    let found = digits(key.samples(), rate: rate)
                    #expect(found.map(\.digit) == [digit], "\(key) turned by \(turn)")
                    #expect(found.allSatisfy { abs($0.endMs - key.startMs - key.ms) < 5 }, "\(key) turned by \(turn)")
                }
            }
        }
    }

    @Test(arguments: [40.0, 45, 60], [8_000, 11_025, 16_000])
    func `a pause between two key presses separates them, wherever it falls`(pauseMs: Double, rate: Int) {
        for offset in stride(from: 0.0, to: 10, by: 1.7) {
            for turn in [0.0, 1.6, 3.1] {
                let keys = Drawn(ms: 100 + pauseMs, rate: rate, offsetMs: offset, breakMs: pauseMs, turn: turn)
                #expect(digits(keys.samples(), rate: rate).map(\.digit) == ["5", "5"], "\(keys) turned by \(turn)")
            }
        }
    }

    static let refused: [Drawn] =
        [0.0, 2.5, 5, 7.5, 9.9].map { Drawn(ms: 22, offsetMs: $0) }
        + ["1", "D", "9"].flatMap { digit in
            [-0.035, 0.035].flatMap {
                [Drawn(digit: digit, lowDeviation: $0), Drawn(digit: digit, highDeviation: $0)]
            }
        }
        + [-12.0, 8].map { Drawn(twistDB: $0) }
        + [Drawn(dBm0: -40)]

    @Test(arguments: refused)
    func `what Q_24 requires to be rejected is not a digit`(drawn: Drawn) {
        #expect(digits(drawn.samples(), rate: drawn.rate).isEmpty)
    }

    @Test func `a pause of 40 ms separates equal digits`() {
        let one = Array(Drawn(ms: 60, offsetMs: 0).samples().dropLast(1_600))
        let samples = one + one.dropFirst(1_600 - 320) + [Float](repeating: 0, count: 1_600)
        #expect(digits(samples, rate: 8_000).map(\.digit) == ["5", "5"])
    }

    @Test func `a single tone, silence and not-a-number are not digits`() {
        let tone = (0..<4_000).map { Float(0.3 * sin(2 * .pi * 770 * Double($0) / 8_000)) }
        #expect(digits(tone, rate: 8_000).isEmpty)
        #expect(digits([Float](repeating: 0, count: 4_000), rate: 8_000).isEmpty)
        #expect(digits([Float](repeating: .nan, count: 4_000), rate: 8_000).isEmpty)
        #expect(digits([], rate: 8_000).isEmpty)
    }
}
