import Foundation
import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneAnalysis

@Suite struct F0FeatureTests {
    /// F0 and voicing of every row; 0 Hz for an empty cell.
    private func track(
        _ samples: [Float], on grid: FrameGrid = FrameGrid(sampleRate: 8_000),
        settings: AnalysisSettings = AnalysisSettings()
    ) throws -> [(hz: Float, voicing: Float)] {
        var measure = try FeatureExtractor(grid: grid, features: ["f0"], settings: settings)
        var rows: [(hz: Float, voicing: Float)] = []
        for row in 0..<Int(grid.rows(in: Int64(samples.count))) {
            let frame = samples.span.extracting(row * grid.hop..<row * grid.hop + grid.window)
            measure.process(frame) { _, values in rows.append((values[0].isNaN ? 0 : values[0], values[1])) }
        }
        measure.finish { _, values in rows.append((values[0].isNaN ? 0 : values[0], values[1])) }
        return rows
    }

    private func centre(ofRow row: Int, on grid: FrameGrid) -> Double {
        (Double(row * grid.hop) + Double(grid.window) / 2) / Double(grid.sampleRate)
    }

    private func cents(_ hz: Float, from truth: Double) -> Double { 1_200 * log2(Double(hz) / truth) }

    // MARK: Truth in closed form

    @Test(arguments: [8_000, 16_000, 24_000, 48_000], [58.0, 85, 125, 210, 330, 480])
    func `a voice without its fundamental is measured to a cent except at the edges`(rate: Int, f0: Double) throws {
        let rows = try track(
            Voice.harmonics(seconds: 0.5, sampleRate: rate) { _ in f0 }, on: FrameGrid(sampleRate: rate))
        #expect(rows.count == 48)
        for row in rows[2..<46] {
            #expect(abs(cents(row.hz, from: f0)) < 1)
            #expect(row.voicing > 0.5)
        }
    }

    /// 5 cents: over the span of 36 ms the glide's own curve and the harmonics at the band's edges, which come and go.
    @Test(arguments: [(8_000, 25.0, 10.0), (16_000, 25, 10), (8_000, 40, 20), (8_000, 10, 5), (8_000, 60, 10)])
    func `a glide is measured at the centre of each window`(rate: Int, windowMs: Double, hopMs: Double) throws {
        let grid = FrameGrid(sampleRate: rate, windowMs: windowMs, hopMs: hopMs)
        let f0 = { (time: Double) in 100 * pow(2, time * 1.5) }
        let rows = try track(Voice.harmonics(seconds: 1, sampleRate: rate, f0: f0), on: grid)
        #expect(Int64(rows.count) == grid.rows(in: Int64(rate)))
        for (index, row) in rows.enumerated() {
            let time = centre(ofRow: index, on: grid)
            guard (0.03...0.97).contains(time) else { continue }
            // 1 ms beside the centre would be 1.8 cents.
            #expect(abs(cents(row.hz, from: f0(time))) < 5, "row \(index)")
        }
        let errors = rows.indices.filter { (0.03...0.97).contains(centre(ofRow: $0, on: grid)) }.map {
            cents(rows[$0].hz, from: f0(centre(ofRow: $0, on: grid)))
        }
        #expect(abs(errors.reduce(0, +) / Double(errors.count)) < 1)
    }

    @Test func `a voice in noise at 10 dB stays within a semitone and on its octave`() throws {
        let voice = Voice.harmonics(seconds: 1, sampleRate: 8_000) { _ in 110 }
        let power = voice.reduce(0) { $0 + $1 * $1 } / Float(voice.count)
        // Evenly spread noise of amplitude a has a power of a²/3.
        let noise = Voice.noise(count: voice.count, amplitude: (3 * power / 10).squareRoot(), seed: 7)
        let rows = try track(zip(voice, noise).map { $0 + $1 })
        #expect(rows[2..<95].allSatisfy { abs(cents($0.hz, from: 110)) < 100 })
    }

    // MARK: What is not voiced

    @Test func `silence is unvoiced and has no periodicity`() throws {
        for row in try track([Float](repeating: 0, count: 8_000)) { #expect(row == (0, 0)) }
    }

    @Test(arguments: [0.5, 0.05, 0.001] as [Float], [3, 4] as [UInt64])
    func `noise is unvoiced`(amplitude: Float, seed: UInt64) throws {
        let rows = try track(Voice.noise(count: 40_000, amplitude: amplitude, seed: seed))
        #expect(rows.allSatisfy { $0.hz == 0 && (0...1).contains($0.voicing) })
    }

    @Test func `voicing begins and ends within a window of the voice`() throws {
        let voice = Voice.harmonics(seconds: 0.5, sampleRate: 8_000) { _ in 140 }
        let rows = try track([Float](repeating: 0, count: 4_000) + voice + [Float](repeating: 0, count: 4_000))
        let grid = FrameGrid(sampleRate: 8_000)
        let voiced = rows.indices.filter { rows[$0].hz > 0 }.map { centre(ofRow: $0, on: grid) }
        #expect(abs((voiced.first ?? 0) - 0.5) <= 0.025)
        #expect(abs((voiced.last ?? 0) - 1) <= 0.025)
        #expect(voiced.count >= 48)
    }

    // MARK: Ladder

    @Test(arguments: [0, 199, 200, 279, 280, 360, 440, 520, 600, 4_000])
    func `there are as many rows as windows, however short the track`(count: Int) throws {
        let voice = Voice.harmonics(seconds: 1, sampleRate: 8_000) { _ in 150 }
        let grid = FrameGrid(sampleRate: 8_000)
        #expect(Int64(try track(Array(voice[0..<count])).count) == grid.rows(in: Int64(count)))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 3e38])
    func `a bad sample affects only the rows that include it`(bad: Float) throws {
        let voice = Voice.harmonics(seconds: 1, sampleRate: 8_000) { _ in 150 }
        var spoilt = voice
        spoilt[4_000] = bad
        let clean = try track(voice)
        let rows = try track(spoilt)
        #expect(rows.allSatisfy { $0.hz.isFinite && (0...1).contains($0.voicing) })
        // The span of 36.4 ms about 0.5 s.
        let grid = FrameGrid(sampleRate: 8_000)
        for index in rows.indices where abs(centre(ofRow: index, on: grid) - 0.5) > 0.0183 {
            #expect(rows[index] == clean[index])
        }
    }

    @Test func `full-scale clipping is tolerated`() throws {
        let rows = try track(Voice.harmonics(seconds: 0.5, sampleRate: 8_000) { _ in 150 }.map { $0 > 0 ? 1 : -1 })
        #expect(rows[2..<46].allSatisfy { abs(cents($0.hz, from: 150)) < 20 })
    }

    @Test func `the same audio gives the same bits twice`() throws {
        let voice = Voice.harmonics(seconds: 1, sampleRate: 8_000) { 150 + 40 * sin(9 * $0) }
        let first = try track(voice)
        let second = try track(voice)
        #expect(first.map(\.hz) == second.map(\.hz))
        #expect(first.map(\.voicing) == second.map(\.voicing))
    }

    // MARK: Grids and settings

    @Test(arguments: [(25.0, 10.0), (10, 5), (5, 1), (25, 25), (60, 30), (200, 50), (200, 200), (20, 12.5)])
    func `the look-ahead is at most 50 ms on every grid`(windowMs: Double, hopMs: Double) throws {
        for minHz in [40.0, 55, 200] {
            var settings = AnalysisSettings()
            settings.f0MinHz = minHz
            let grid = FrameGrid(sampleRate: 8_000, windowMs: windowMs, hopMs: hopMs)
            let feature = try F0Feature(FeatureContext(grid: grid, settings: settings))
            #expect(Double(feature.lookAhead * grid.hop) / 8_000 <= 0.05)
        }
    }

    @Test func `the standard grid looks 40 ms ahead`() throws {
        let grid = FrameGrid(sampleRate: 8_000)
        let feature = try F0Feature(FeatureContext(grid: grid, settings: AnalysisSettings()))
        #expect(feature.lookAhead == 4)
    }

    @Test func `a hop that skips samples is rejected with two solutions`() {
        let grid = FrameGrid(sampleRate: 8_000, windowMs: 25, hopMs: 40)
        let error = #expect(throws: AnalysisError.self) {
            _ = try F0Feature(FeatureContext(grid: grid, settings: AnalysisSettings()))
        }
        #expect(error?.code == .impossibleGrid)
        #expect(error?.detail.contains("set hop_ms to 25.0 or window_ms to 40.0") == true)
    }

    @Test func `a rate too low for the highest F0 is rejected with two solutions`() {
        var settings = AnalysisSettings()
        settings.f0MaxHz = 1_000
        let error = #expect(throws: AnalysisError.self) {
            _ = try F0Feature(FeatureContext(grid: FrameGrid(sampleRate: 3_000), settings: settings))
        }
        #expect(error?.code == .impossibleGrid)
        #expect(error?.detail.contains("set f0_max_hz to 750.0 or send at least 4000 samples per second") == true)
    }

    @Test func `the range is a setting`() throws {
        let voice = Voice.harmonics(seconds: 0.5, sampleRate: 8_000) { _ in 700 }
        var settings = AnalysisSettings()
        settings.f0MaxHz = 900
        #expect(try track(voice, settings: settings)[2..<46].allSatisfy { abs(cents($0.hz, from: 700)) < 2 })
        // Outside the range its subharmonic is what repeats.
        #expect(try track(voice)[2..<46].allSatisfy { abs(cents($0.hz, from: 350)) < 2 })
    }

    @Test func `an inverted range cannot be set`() throws {
        var settings = AnalysisSettings()
        let lowest = try #require(AnalysisSettings.fields.first { $0.name == "f0_min_hz" })
        let highest = try #require(AnalysisSettings.fields.first { $0.name == "f0_max_hz" })
        #expect(lowest.apply(.integer(300), &settings) == "is 300; expected 40.0…200.0")
        #expect(highest.apply(.number(100), &settings) == "is 100.0; expected 250.0…1000.0")
        #expect(lowest.apply(.integer(80), &settings) == nil && settings.f0MinHz == 80)
    }

    // MARK: Reference

    /// 3 cents of Praat: its window is 55 ms, ours 36, so a vibrato comes out of it flatter.
    @Test func `Praat measures the same`() throws {
        let signals: [String: (Int, [Float])] = [
            "steady": (8_000, Voice.harmonics(seconds: 1, sampleRate: 8_000) { _ in 95 }),
            "glide": (8_000, Voice.harmonics(seconds: 1, sampleRate: 8_000) { 110 * pow(2, $0) }),
            "vibrato": (
                16_000,
                Voice.harmonics(seconds: 1, sampleRate: 16_000, band: 50...3_400) {
                    200 + 6 * sin(2 * Double.pi * 5 * $0)
                }
            ),
        ]
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "References/F0/f0_praat.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count == 45)
        let tracks = try signals.mapValues { try track($0.1, on: FrameGrid(sampleRate: $0.0)) }
        for line in lines {
            let fields = line.split(separator: ",").map(String.init)
            let rows = try #require(tracks[fields[0]])
            let row = try #require(Int(fields[1]))
            let praat = try #require(Double(fields[2]))
            #expect(abs(cents(rows[row].hz, from: praat)) < 3, "\(line): \(rows[row].hz)")
        }
    }
}
