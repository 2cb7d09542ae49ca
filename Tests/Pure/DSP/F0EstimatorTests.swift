import Foundation
import SidetoneTestSignals
import Testing

@testable import SidetoneDSP

@Suite struct F0EstimatorTests {
    private func best(_ samples: [Float], rate: Int) -> F0Candidate? {
        let estimator = F0Estimator(sampleRate: rate, range: 55...500)
        estimator.estimate(samples.span)
        return estimator.count > 0 ? estimator.candidates[0] : nil
    }

    private func cents(_ hz: Float, from truth: Double) -> Double { 1_200 * log2(Double(hz) / truth) }

    /// ±1 cent: a parabola through three points of a correlation sampled at 16 kHz, of a band that ends at 3.4 kHz.
    @Test(
        arguments: [8_000, 11_025, 16_000, 24_000, 48_000],
        [56.0, 62, 75, 90, 110, 137, 165, 200, 240, 290, 350, 420, 490])
    func `harmonics without their fundamental read it to a cent`(rate: Int, f0: Double) throws {
        let voice = Voice.harmonics(seconds: 0.1, sampleRate: rate) { _ in f0 }
        let found = try #require(best(voice, rate: rate))
        #expect(abs(cents(found.hz, from: f0)) < 1)
        #expect(found.strength > 0.5)
    }

    /// The lobe of a Hann window of 36 ms is 110 Hz wide, so from 150 Hz up it is clear of its mirror at negative
    /// frequencies.
    @Test(arguments: [8_000, 16_000, 48_000], [150.0, 187, 233, 311, 419, 487])
    func `a lone sine reads its frequency to a cent`(rate: Int, f0: Double) throws {
        let sine = (0..<rate / 10).map { Float(0.3 * sin(2 * Double.pi * f0 * Double($0) / Double(rate))) }
        let found = try #require(best(sine, rate: rate))
        #expect(abs(cents(found.hz, from: f0)) < 1)
    }

    @Test(arguments: [60.0, 80, 100]) func `a low sine reads high, by less than a semitone`(f0: Double) throws {
        let sine = (0..<800).map { Float(0.3 * sin(2 * Double.pi * f0 * Double($0) / 8_000)) }
        let found = try #require(best(sine, rate: 8_000))
        #expect(abs(cents(found.hz, from: f0)) < 100)
    }

    @Test func `a second harmonic ten times the others is not taken for the fundamental`() throws {
        // 20 dB: what a first formant on the second harmonic does to a voice of 250 Hz.
        let voice = (0..<800).map { n in
            let phase = 2 * Double.pi * 250 * Double(n) / 8_000
            return Float(0.2 * cos(2 * phase) + 0.02 * (2...12).reduce(0) { $0 + cos(Double($1) * phase + Double($1)) })
        }
        let found = try #require(best(voice, rate: 8_000))
        #expect(abs(cents(found.hz, from: 250)) < 5)
    }

    @Test func `silence and a constant have no candidates`() {
        #expect(best([Float](repeating: 0, count: 800), rate: 8_000) == nil)
        #expect(best([Float](repeating: 0.7, count: 800), rate: 8_000) == nil)
    }

    @Test func `a tone below the line's noise has no strength`() throws {
        let quiet = Voice.harmonics(seconds: 0.1, sampleRate: 8_000) { _ in 120 }.map { $0 * 1e-3 }
        #expect((best(quiet, rate: 8_000)?.strength ?? 0) < 0.3)
    }

    @Test func `the strength does not depend on the level`() throws {
        let voice = Voice.harmonics(seconds: 0.1, sampleRate: 8_000) { _ in 120 }
        let loud = try #require(best(voice.map { $0 * 2 }, rate: 8_000))
        let low = try #require(best(voice.map { $0 * 0.2 }, rate: 8_000))
        #expect(abs(loud.strength - low.strength) < 0.02)
    }

    @Test func `candidates come likeliest first and stay in the range`() {
        let estimator = F0Estimator(sampleRate: 8_000, range: 55...500)
        for seed in 1...40 {
            estimator.estimate(
                Voice.noise(count: 400, amplitude: 0.3, seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15).span)
            let found = estimator.candidates[0..<estimator.count]
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.merit >= $1.merit })
            #expect(found.allSatisfy { (55...500).contains($0.hz) && (0...1).contains($0.strength) })
        }
    }

    @Test func `the window's autocorrelation is the sum it stands for`() {
        let count = 2_000
        let window = (0..<count).map { 0.5 - 0.5 * cos(2 * Double.pi * (Double($0) + 0.5) / Double(count)) }
        let energy = window.reduce(0) { $0 + $1 * $1 }
        for lag in stride(from: 0, to: count, by: 250) {
            let sum = (0..<count - lag).reduce(0) { $0 + window[$1] * window[$1 + lag] }
            #expect(abs(F0Estimator.hannCorrelation(Double(lag) / Double(count)) - sum / energy) < 1e-6)
        }
        #expect(F0Estimator.hannCorrelation(1.5) == 0)
    }
}
