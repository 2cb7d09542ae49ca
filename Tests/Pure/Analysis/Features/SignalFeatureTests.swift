import SidetoneDSP
import SidetoneModel
import Testing

@testable import SidetoneAnalysis

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Runs one feature over samples and gives its rows by column.
private func rows(_ feature: String, samples: [Float], rate: Int = 8_000) throws -> [String: [Float]] {
    let settings = AnalysisSettings()
    let grid = settings.grid(sampleRate: rate)
    var measure = try FeatureExtractor(grid: grid, features: [feature], settings: settings)
    var rows: [String: [Float]] = [:]
    var at = 0
    while at + grid.window <= samples.count {
        let frame = Array(samples[at..<at + grid.window])
        let columns = measure.columns
        measure.process(frame.span) { _, values in
            for (index, column) in columns.enumerated() { rows[column.name, default: []].append(values[index]) }
        }
        at += grid.hop
    }
    return rows
}

/// The facts that one feature finds in samples.
private func facts(_ feature: String, samples: [Float], rate: Int = 8_000) throws -> [TrackFact] {
    let settings = AnalysisSettings()
    let grid = settings.grid(sampleRate: rate)
    var measure = try FeatureExtractor(grid: grid, features: [feature], settings: settings)
    var facts: [TrackFact] = []
    for row in 0..<Int(grid.rows(in: Int64(samples.count))) {
        let frame = Array(samples[row * grid.hop..<row * grid.hop + grid.window])
        measure.process(frame.span) { _, _ in }
        measure.drainFacts { facts.append($0) }
    }
    return facts
}

private func sine(_ frequencies: [Double], amplitude: Double = 0.2, seconds: Double = 1, rate: Int = 8_000) -> [Float] {
    (0..<Int(seconds * Double(rate))).map { n in
        Float(frequencies.reduce(0) { $0 + amplitude * sin(2 * .pi * $1 * Double(n) / Double(rate)) })
    }
}

private func noise(_ amplitude: Float, count: Int, seed: UInt64 = 7) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float.random(in: -amplitude...amplitude, using: &random) }
}

@Suite struct ToneFeatureTests {
    /// Frequencies to the limits of E.180, T.30 and the Precise Tone Plan, and what lies just outside.
    static let tones: [([Double], Int)] = [
        ([340], 1), ([400], 1), ([410], 1), ([425], 1), ([440], 1), ([450], 1), ([500], 1),
        ([350, 440], 2), ([350, 450], 2), ([440, 480], 3), ([480, 620], 4), ([400, 450], 6),
        ([1_062], 5), ([1_100], 5), ([1_138], 5), ([1_050], 11), ([1_150], 11),
        ([2_085], 7), ([2_115], 7), ([2_070], 11), ([2_130], 11),
        ([900], 8), ([1_000], 8), ([1_350], 9), ([1_450], 9), ([1_750], 10), ([1_850], 10),
        ([700], 11), ([3_000], 11), ([697, 1_209], 12), ([600, 900], 12),
    ]

    @Test(arguments: tones, [8_000, 11_025, 16_000])
    func `tones are identified by their frequencies`(tone: ([Double], Int), rate: Int) throws {
        let codes = try rows("tone", samples: sine(tone.0, rate: rate), rate: rate)["tone_code"] ?? []
        #expect(codes.count > 90 && codes.dropFirst(6).allSatisfy { $0 == Float(tone.1) }, "\(Set(codes))")
    }

    @Test(arguments: [350.0, 425, 700, 1_100, 2_100, 3_000])
    func `the frequency of a single tone is measured, even in noise of 20 dB`(hz: Double) throws {
        // 20 dB: a sine's power is a²/2, that of noise of ±b is b²/3.
        let tone = zip(sine([hz]), noise(0.2 * 0.1225, count: 8_000)).map { $0 + $1 }
        for samples in [sine([hz]), tone] {
            let measured = try rows("tone", samples: samples)["tone_hz"] ?? []
            // ±5 Hz: what 20 ms of a tone in noise tell, averaged over some.
            #expect(measured.dropFirst(6).allSatisfy { abs(Double($0) - hz) < 5 })
        }
    }

    @Test func `a DC offset does not affect a tone`() throws {
        let codes = try rows("tone", samples: sine([425], amplitude: 0.1).map { $0 + 0.03 })["tone_code"] ?? []
        #expect(codes.dropFirst(6).allSatisfy { $0 == 1 })
    }

    @Test func `silence, noise and a tone that is too quiet are not tones`() throws {
        let soft = sine([425], amplitude: 0.002)
        for samples in [[Float](repeating: 0, count: 4_000), noise(0.3, count: 4_000), soft] {
            #expect(try rows("tone", samples: samples)["tone_code"]?.allSatisfy { $0 == 0 } == true)
        }
    }
}

@Suite struct LineFeatureTests {
    @Test func `a clipped sum of tones has flat tops, an unclipped one has none`() throws {
        let whole = sine([310, 470], amplitude: 0.3, seconds: 2)
        let clipped = whole.map { max(-0.25, min(0.25, $0)) }
        #expect(try rows("line", samples: whole)["flat_top"]?.allSatisfy { $0 == 0 } == true)
        let share = try rows("line", samples: clipped)["flat_top"] ?? []
        let exact = Float(clipped.count { abs($0) == 0.25 }) / Float(clipped.count)
        let mean = share.dropFirst(60).reduce(0, +) / Float(share.count - 60)
        // Tops of one or two samples do not count.
        #expect(mean > 0.5 * exact && mean <= 1.05 * exact)
    }

    @Test(arguments: [0, 8, -8])
    func `packets of silence are one fact at their end, including A-law's code word for 0`(idle: Int) throws {
        var samples = noise(0.1, count: 8_000)
        for n in 1_600..<1_920 { samples[n] = Float(idle) / 32_768 }
        for n in 4_000..<4_100 { samples[n] = Float(idle) / 32_768 }
        // The row whose last hop holds sample 1920.
        #expect(
            try facts("line", samples: samples) == [TrackFact(row: 22, kind: .emptyPackets(first: 1_600, count: 320))])
    }

    @Test(arguments: [0, 8])
    func `digital silence before the first word, and a second of it later, are not lost packets`(idle: Int) throws {
        let gap = [Float](repeating: Float(idle) / 32_768, count: 9_600)
        let samples = gap + noise(0.1, count: 4_000) + gap + noise(0.1, count: 4_000)
        #expect(try facts("line", samples: samples).isEmpty)
    }

    @Test(arguments: [-0.1, -0.03, 0.03, 0.1])
    func `a DC offset causes no flat tops, with or without sound, and when it starts later`(offset: Float) throws {
        let tone = sine([310, 470], amplitude: 0.1, seconds: 2)
        let silence = [Float](repeating: 0, count: 8_000)
        let hiss = noise(0.002, count: 16_000)
        for sound in [[Float](repeating: 0, count: 16_000), hiss, tone] {
            let shifted = sound.map { $0 + offset }
            for samples in [shifted, silence + shifted, shifted + silence + shifted] {
                #expect(try rows("line", samples: samples)["flat_top"]?.allSatisfy { $0 == 0 } == true)
            }
        }
    }

    @Test func `clipping is detected despite a DC offset`() throws {
        let clipped = sine([310, 470], amplitude: 0.3, seconds: 2).map { max(-0.25, min(0.25, $0)) + 0.03 }
        let share = try rows("line", samples: clipped)["flat_top"] ?? []
        // As many as without the current: over 5 % of such a sum.
        #expect(share.dropFirst(60).reduce(0, +) / Float(share.count - 60) > 0.05)
    }

    @Test func `the envelope of a steady tone is its mean magnitude`() throws {
        let envelope = try rows("line", samples: sine([1_013], amplitude: 0.5))["envelope_dbfs"] ?? []
        // Mean |sin| is 2/π. ±0.2 dB: a step of 5 ms holds five periods and a part.
        #expect(abs((envelope.last ?? 0) - 20 * log10f(0.5 * 2 / .pi)) < 0.2)
    }
}

@Suite struct MusicFeatureTests {
    /// Three notes at a time, each with four harmonics, a new chord every 400 ms.
    private func chords(_ seconds: Double) -> [Float] {
        let scale = [262.0, 294, 330, 349, 392, 440, 494, 523]
        return (0..<Int(seconds * 8_000)).map { n in
            let time = Double(n) / 8_000
            let chord = Int(time / 0.4)
            var value = 0.0
            for voice in 0..<3 {
                let note = scale[(chord * 3 + voice * 2 + chord / 2) % 8]
                for harmonic in 1...4 {
                    value += 0.05 / Double(harmonic) * sin(2 * .pi * note * Double(harmonic) * time)
                }
            }
            return Float(value) * Float(exp(-2 * (time / 0.4 - Double(chord))))
        }
    }

    @Test func `chords have stable lines`() throws {
        let mixed = zip(chords(8), noise(0.002, count: 64_000)).map { $0 + $1 }
        let stability = try rows("music", samples: mixed)["line_stability"] ?? []
        #expect(stability.dropFirst(400).allSatisfy { $0 > MusicSpan.opens })
    }

    @Test func `noise, quiet and gliding harmonics do not have stable lines`() throws {
        // A voice's fundamental, 120 Hz, that moves by a tenth three times a second, with 25 harmonics.
        var phase = 0.0
        let glide = (0..<64_000).map { n -> Float in
            phase += 2 * .pi * 120 * (1 + 0.1 * sin(2 * .pi * 3 * Double(n) / 8_000)) / 8_000
            return Float((1...25).reduce(0.0) { $0 + 0.02 * sin(Double($1) * phase) })
        }
        let voice = zip(glide, noise(0.002, count: 64_000)).map { $0 + $1 }
        for samples in [noise(0.2, count: 64_000), noise(0.0005, count: 64_000), voice] {
            let stability = try rows("music", samples: samples)["line_stability"] ?? []
            #expect(stability.allSatisfy { $0 < MusicSpan.closes })
        }
    }
}
