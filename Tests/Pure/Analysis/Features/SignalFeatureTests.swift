import SidetoneDSP
import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Runs one feature over samples and gives its rows by column.
private func rows(_ feature: String, _ samples: [Float], rate: Int = 8_000) throws -> [String: [Float]] {
    let settings = AnalysisSettings()
    let grid = settings.grid(sampleRate: rate)
    var measure = try Measure(grid: grid, features: [feature], settings: settings)
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

private func sine(_ frequencies: [Double], amplitude: Double = 0.2, seconds: Double = 1, rate: Int = 8_000) -> [Float] {
    (0..<Int(seconds * Double(rate))).map { n in
        Float(frequencies.reduce(0) { $0 + amplitude * sin(2 * .pi * $1 * Double(n) / Double(rate)) })
    }
}

private func noise(_ amplitude: Float, count: Int, seed: UInt64 = 7) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -amplitude...amplitude, using: &random) }
}

@Suite struct ToneFeatureTests {
    @Test(arguments: [
        ([425.0], 1), ([350.0, 440], 2), ([440.0, 480], 3), ([480.0, 620], 4), ([1_100.0], 5), ([1_000.0], 0),
        ([440.0], 0), ([697.0, 1_209], 0),
    ])
    func `tones are told by their frequencies`(frequencies: [Double], code: Int) throws {
        for rate in [8_000, 16_000] {
            let codes = try rows("tone", sine(frequencies, rate: rate), rate: rate)["tone_code"] ?? []
            #expect(codes.dropFirst(5).allSatisfy { $0 == Float(code) })
        }
    }

    @Test func `silence, noise and a tone too soft are none`() throws {
        let soft = sine([425], amplitude: 0.002)
        for samples in [[Float](repeating: 0, count: 4_000), noise(0.3, count: 4_000), soft] {
            #expect(try rows("tone", samples)["tone_code"]?.allSatisfy { $0 == 0 } == true)
        }
    }
}

@Suite struct LineFeatureTests {
    @Test func `a clipped sum of tones has flat tops, a whole one has none`() throws {
        let whole = sine([310, 470], amplitude: 0.3, seconds: 2)
        let clipped = whole.map { max(-0.25, min(0.25, $0)) }
        #expect(try rows("line", whole)["flat_top"]?.allSatisfy { $0 == 0 } == true)
        let share = try rows("line", clipped)["flat_top"] ?? []
        let exact = Float(clipped.count { abs($0) == 0.25 }) / Float(clipped.count)
        let mean = share.dropFirst(60).reduce(0, +) / Float(share.count - 60)
        // Tops of one or two samples do not count.
        #expect(mean > 0.5 * exact && mean <= 1.05 * exact)
    }

    @Test func `packets of zeros are counted where they end`() throws {
        var samples = noise(0.1, count: 8_000)
        for n in 1_600..<1_920 { samples[n] = 0 }
        for n in 4_000..<4_100 { samples[n] = 0 }
        let packets = try rows("line", samples)["zero_packets"] ?? []
        #expect(packets.reduce(0, +) == 2)
        // The row whose last hop holds sample 1920.
        #expect(packets.firstIndex(of: 2) == 22)
    }

    @Test func `digital silence before the first word, and a second of it later, are no packets`() throws {
        let gap = [Float](repeating: 0, count: 9_600)
        let samples = gap + noise(0.1, count: 4_000) + gap + noise(0.1, count: 4_000)
        #expect(try rows("line", samples)["zero_packets"]?.reduce(0, +) == 0)
    }

    @Test func `the envelope of a steady tone is its mean magnitude`() throws {
        let envelope = try rows("line", sine([1_013], amplitude: 0.5))["envelope_dbfs"] ?? []
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

    @Test func `chords hold their lines`() throws {
        let mixed = zip(chords(8), noise(0.002, count: 64_000)).map { $0 + $1 }
        let stability = try rows("music", mixed)["line_stability"] ?? []
        #expect(stability.dropFirst(400).allSatisfy { $0 > MusicSpan.opens })
    }

    @Test func `noise, quiet and gliding harmonics do not`() throws {
        // A voice's fundamental, 120 Hz, that moves by a tenth three times a second, with 25 harmonics.
        var phase = 0.0
        let glide = (0..<64_000).map { n -> Float in
            phase += 2 * .pi * 120 * (1 + 0.1 * sin(2 * .pi * 3 * Double(n) / 8_000)) / 8_000
            return Float((1...25).reduce(0.0) { $0 + 0.02 * sin(Double($1) * phase) })
        }
        let voice = zip(glide, noise(0.002, count: 64_000)).map { $0 + $1 }
        for samples in [noise(0.2, count: 64_000), noise(0.0005, count: 64_000), voice] {
            let stability = try rows("music", samples)["line_stability"] ?? []
            #expect(stability.allSatisfy { $0 < MusicSpan.closes })
        }
    }
}
