import Foundation
import SidetoneTracks
import Testing

@Suite struct ConcealmentTests {
    /// A tone with a period of 80 samples at 8 kHz, in packets of 20 ms.
    private static let tone = (0..<800).map { Int16((8_000 * sin(2 * Double.pi * Double($0) / 80)).rounded()) }

    private func filled(_ pieces: [Int], after samples: [Int16] = tone) -> [Int16] {
        var concealment = Concealment(sampleRate: 8_000)
        for start in stride(from: 0, to: samples.count, by: 160) {
            concealment.record(Array(samples[start..<min(samples.count, start + 160)]))
        }
        var result: [Int16] = []
        for piece in pieces { concealment.fill(piece, into: &result) }
        return result
    }

    @Test func `a tone continues in its own period for 10 ms`() {
        // The tone's 800 samples are ten whole periods, so it goes on as it began.
        #expect(filled([80]) == Array(Self.tone[0..<80]))
    }

    @Test func `it fades, and is silent from 60 ms`() {
        let samples = filled([800])
        let peaks = (0..<10).map { ten in samples[ten * 80..<ten * 80 + 80].map { abs(Int($0)) }.max() ?? 0 }
        #expect(zip(peaks, peaks.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(samples[480...].allSatisfy { $0 == 0 })
        #expect(peaks[5] > 0)
    }

    @Test func `it is never louder than the preceding audio`() {
        let samples = filled([800])
        #expect(samples.allSatisfy { abs(Int($0)) <= 8_000 })
        // Nor does it jump further than the tone does from sample to sample, at the seam and within.
        let steps = zip([Self.tone[799]] + samples, samples).map { abs(Int($0) - Int($1)) }
        let limit = zip(Self.tone, Self.tone.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect((steps.max() ?? .max) <= limit)
    }

    @Test func `pieces of a gap join as if it were one`() { #expect(filled([1, 7, 80, 300, 412]) == filled([800])) }

    @Test func `without preceding audio there is silence`() {
        #expect(filled([100], after: []).allSatisfy { $0 == 0 })
        #expect(filled([200], after: [9]).prefix(80).allSatisfy { $0 == 9 })
    }

    @Test func `the loudest samples do not overflow`() {
        let square = (0..<480).map { $0 / 40 % 2 == 0 ? Int16.min : Int16.max }
        #expect(filled([480], after: square).contains { $0 < -30_000 })
    }

    @Test(arguments: [8_000, 11_025, 16_000, 22_050, 48_000, 96_000])
    func `the period is found at every rate, in well under a millisecond`(rate: Int) {
        // 5 to 15 ms hold one period of 7.5 ms, whatever the rate.
        let hz = 1 / 0.0075
        let tone = (0..<rate / 10).map {
            Int16((8_000 * sin(2 * Double.pi * hz * Double($0) / Double(rate))).rounded())
        }
        var concealment = Concealment(sampleRate: rate)
        concealment.record(tone)
        var filled: [Int16] = []
        var fastest = Duration.seconds(1)
        for _ in 0..<5 {
            var copy = concealment
            filled = []
            filled.reserveCapacity(rate / 100)
            let start = ContinuousClock.now
            copy.fill(rate / 100, into: &filled)
            fastest = min(fastest, .now - start)
        }
        let goesOn = (rate / 10..<rate / 10 + rate / 100).map {
            8_000 * sin(2 * Double.pi * hz * Double($0) / Double(rate))
        }
        // The period is a whole number of samples: half a sample of a tone of 133 Hz is 8,000·2π·133/rate/2 at most.
        let limit = 8_000 * 2 * Double.pi * hz / Double(rate) / 2 * 2 + 2
        #expect(zip(filled, goesOn).allSatisfy { abs(Double($0) - $1) <= limit })
        // Unoptimised code is some 20 times slower: O(rate²) took over 100 ms here at 96 kHz.
        #expect(fastest < .milliseconds(20))
    }
}
