import Foundation
import SidetoneAnalysis
import SidetoneDSP
import SidetoneModel
import Testing

@Suite struct `Statistical detector` {
    /// The probabilities of every row.
    private func probabilities(_ samples: [Float], rate: Int = 8000) throws -> [Float] {
        let grid = FrameGrid(sampleRate: rate)
        let spectrum = FrameSpectrum(window: grid.window, sampleRate: rate, needs: StatisticalDetector.needs)
        var detector = try StatisticalDetector(grid: grid)
        var result: [Float] = []
        for row in 0..<Int(grid.rows(in: Int64(samples.count))) {
            let frame = samples.span.extracting(row * grid.hop..<row * grid.hop + grid.window)
            spectrum.analyze(frame)
            result.append(detector.process(frame, spectrum: spectrum))
        }
        for _ in 0..<detector.lookAhead { result.append(detector.drain()) }
        return Array(result.dropFirst(detector.lookAhead))
    }

    /// The share of rows inside talk spurts of the default settings.
    private func talk(_ probabilities: [Float], rate: Int = 8000) -> Double {
        var spurts = TalkSpurts(
            DetectSettings(), threshold: StatisticalDetector.threshold, grid: FrameGrid(sampleRate: rate))
        var rows = 0
        func count(_ change: TalkSpurts.Change?) {
            if case .ended(let first, let last) = change { rows += Int(last - first + 1) }
        }
        for probability in probabilities { count(spurts.process(probability)) }
        count(spurts.finish())
        return Double(rows) / Double(probabilities.count)
    }

    /// 3.9 s at 8 kHz, peak near −6 dBFS; Audio/README.md names the origin.
    private func phrase() throws -> [Float] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try [UInt8](Data(contentsOf: folder.appendingPathComponent("Audio/conf-invalid.wav")).dropFirst(44))
        return (0..<bytes.count / 2).map {
            Float(Int16(bitPattern: UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8)) / 32768
        }
    }

    private func tone(_ frequencies: [Double], on: Double, off: Double, amplitude: Double = 0.1) -> [Float] {
        (0..<8 * 8000).map { n in
            let t = Double(n) / 8000
            let sounds = t.truncatingRemainder(dividingBy: on + off) < on
            return sounds ? Float(frequencies.reduce(0) { $0 + amplitude * sin(2 * .pi * $1 * t) }) : 0
        }
    }

    /// Even noise of a fixed seed.
    private func noise(_ amplitude: Float, seconds: Int = 8) -> [Float] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<seconds * 8000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return amplitude * (Float(state >> 40) / Float(1 << 23) - 1)
        }
    }

    // Cadences and frequencies of ITU-T E.180 Supplement 2 for North America, and 425 Hz for most of Europe.
    @Test(
        arguments: [
            ([350, 440], 8, 0), ([425], 8, 0), ([440, 480], 2, 4), ([425], 1, 4), ([480, 620], 0.5, 0.5),
            ([425], 0.5, 0.5),
            ([480, 620], 0.25, 0.25), ([1100], 0.5, 3),
        ] as [([Double], Double, Double)])
    func `a call progress tone is not speech`(_ frequencies: [Double], on: Double, off: Double) throws {
        #expect(talk(try probabilities(tone(frequencies, on: on, off: off))) <= 0.03)
    }

    // ITU-T Q.23
    @Test(arguments: [697.0, 770, 852, 941], [1209.0, 1336, 1477, 1633])
    func `a digit is not speech`(_ low: Double, high: Double) throws {
        #expect(talk(try probabilities(tone([low, high], on: 0.1, off: 0.3))) <= 0.03)
    }

    @Test(arguments: [0.001, 0.01, 0.1, 0.5] as [Float])
    func `steady noise is not speech`(_ amplitude: Float) throws {
        #expect(talk(try probabilities(noise(amplitude))) <= 0.03)
    }

    @Test func `silence is not speech`() throws {
        #expect(
            try probabilities([Float](repeating: 0, count: 16_000)).allSatisfy { $0 < StatisticalDetector.threshold })
    }

    @Test(arguments: [0.05, 0.1, 0.3, 1.0] as [Float])
    func `a spoken phrase is speech at every level`(_ gain: Float) throws {
        let share = talk(try probabilities(phrase().map { $0 * gain }))
        #expect(share > 0.5)
    }

    @Test func `a spoken phrase is speech when it clips`() throws {
        #expect(talk(try probabilities(phrase().map { max(-0.9, min(0.9, $0 * 8)) })) > 0.5)
    }

    @Test func `a phrase joined in the middle is detected within its first 300 ms`() throws {
        // One second in, the voice is in the middle of a sentence.
        let rows = try probabilities(Array(phrase().dropFirst(8000)))
        #expect(rows.prefix(30).contains { $0 >= StatisticalDetector.threshold })
    }

    @Test func `a phrase in noise 15 dB below it is speech, the noise is not`() throws {
        let quiet = noise(0.02, seconds: 3)
        let noisy = zip(try phrase(), noise(0.02)).map { $0 + $1 }
        let rows = try probabilities(quiet + noisy)
        #expect(talk(Array(rows.prefix(290))) <= 0.03)
        #expect(talk(Array(rows.dropFirst(300))) > 0.5)
    }

    @Test func `not-a-number is not speech, and has no lasting effect`() throws {
        var broken = [Float](repeating: .nan, count: 8000)
        broken[100] = .infinity
        let rows = try probabilities(broken + phrase())
        #expect(rows.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(rows.prefix(95).allSatisfy { $0 < StatisticalDetector.threshold })
        #expect(talk(Array(rows.dropFirst(100))) > 0.5)
    }

    @Test func `the same audio gives the same probabilities`() throws {
        let samples = try phrase()
        #expect(try probabilities(samples) == probabilities(samples))
    }

    @Test(arguments: [2, 6])
    func `a multiple of the rate yields nearly the same speech`(_ factor: Int) throws {
        let samples = try phrase()
        // Whittaker's interpolation over 32 neighbours, Hann-weighted: nothing new above 4 kHz.
        var more = [Float](repeating: 0, count: factor * samples.count)
        for n in more.indices {
            let (at, part) = n.quotientAndRemainder(dividingBy: factor)
            guard part > 0 else {
                more[n] = samples[at]
                continue
            }
            for k in -16..<16 where samples.indices.contains(at + 1 + k) {
                let x = Double(k) + 1 - Double(part) / Double(factor)
                let weight = sin(.pi * x) / (.pi * x) * (0.5 + 0.5 * cos(.pi * x / 16))
                more[n] += Float(weight) * samples[at + 1 + k]
            }
        }
        let one = try probabilities(samples)
        let other = try probabilities(more, rate: 8000 * factor)
        #expect(one.count == other.count)
        // 48 kHz has bins of 23.4 Hz instead of 31.25 Hz, so the bands' edges move by half a bin.
        #expect(abs(talk(one) - talk(other, rate: 8000 * factor)) < 0.05)
    }

    @Test func `a grid unsuitable for voices is rejected with a solution`() {
        #expect(throws: AnalysisError.self) { try StatisticalDetector(grid: FrameGrid(sampleRate: 6000)) }
        #expect(throws: AnalysisError.self) {
            try StatisticalDetector(grid: FrameGrid(sampleRate: 8000, windowMs: 5, hopMs: 5))
        }
    }

    @Test(arguments: [5.0, 10, 20, 40])
    func `its look-ahead is 10 ms on every grid, and at least one row`(_ hop: Double) throws {
        let grid = FrameGrid(sampleRate: 8000, windowMs: 40, hopMs: hop)
        #expect(try StatisticalDetector(grid: grid).lookAhead == max(1, Int((10 / hop).rounded())))
    }

    @Test func `a row distinguishes a tone from speech`() throws {
        let grid = FrameGrid(sampleRate: 8000)
        var measure = try FeatureExtractor(grid: grid, features: ["speech"], settings: AnalysisSettings())
        let column = try #require(measure.columns.firstIndex { $0.name == "tone_probability" })
        let samples = tone([350, 440], on: 8, off: 0)
        var last: Float = .nan
        for row in 0..<Int(grid.rows(in: Int64(samples.count))) {
            measure.process(samples.span.extracting(row * grid.hop..<row * grid.hop + grid.window)) {
                last = $1[column]
            }
        }
        #expect(last > 0.5)
    }

    @Test func `default selects it`() {
        #expect(SpeechDetectorCatalog.named("default")?.name == StatisticalDetector.name)
    }
}
