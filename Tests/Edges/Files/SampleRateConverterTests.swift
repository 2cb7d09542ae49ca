import Foundation
import Testing

@testable import SidetoneFiles

@Suite struct SampleRateConverterTests {
    private func tone(_ frequency: Double, rate: Int, count: Int) -> [Int16] {
        (0..<count).map { Int16((10_000 * sin(2 * .pi * frequency * Double($0) / Double(rate))).rounded()) }
    }

    private func convert(_ samples: [Int16], source: Int, target: Int, pieces: Int) throws -> [Int16] {
        let converter = try SampleRateConverter(from: source, to: target, path: "call.wav")
        var result: [Int16] = []
        for start in stride(from: 0, to: samples.count, by: pieces) {
            result += converter.convert(Array(samples[start..<min(samples.count, start + pieces)]))
        }
        return result + converter.finish()
    }

    // Within the pass band a tone keeps its position, level and phase. 40 of 10,000: libsoxr's 20-bit quality is far
    // below a step of 16 bits; the tolerance is rounding twice and the filter's ripple. The first and last 10 ms are the
    // filter's own.
    @Test(arguments: [(20_000, 22_050), (7_350, 8_000), (6_000, 8_000), (88_200, 96_000), (192_000, 96_000)])
    func `a tone keeps its position, level and phase`(source: Int, target: Int) throws {
        let result = try convert(
            tone(1_000, rate: source, count: source), source: source, target: target, pieces: 1_000)
        #expect(abs(result.count - target) <= 1)
        let right = tone(1_000, rate: target, count: target)
        for n in (target / 100)..<(target * 99 / 100) { #expect(abs(Int(result[n]) - Int(right[n])) <= 40, "\(n)") }
    }

    @Test func `the result does not depend on the sizes of blocks`() throws {
        let samples = tone(700, rate: 20_000, count: 20_000)
        let whole = try convert(samples, source: 20_000, target: 22_050, pieces: 20_000)
        for pieces in [1, 7, 160, 1_600] {
            #expect(try convert(samples, source: 20_000, target: 22_050, pieces: pieces) == whole)
        }
    }

    @Test func `nothing in, nothing out`() throws {
        #expect(try convert([], source: 20_000, target: 24_000, pieces: 1) == [])
    }
}
