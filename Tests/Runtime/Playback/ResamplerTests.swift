import Foundation
import SidetonePlayback
import Testing

@testable import SidetonePlayback

@Suite struct ResamplerTests {
    private func sine(_ hz: Double, rate: Int, seconds: Double = 0.5) -> [Int16] {
        (0..<Int(Double(rate) * seconds)).map {
            Int16((10_000 * sin(2 * .pi * hz * Double($0) / Double(rate))).rounded())
        }
    }

    static let rates = [(22_050, 8_000), (8_000, 16_000), (16_000, 8_000), (8_000, 48_000), (44_100, 8_000)]

    @Test(arguments: rates)
    func `a tone stays the same tone at its place`(from: Int, to: Int) {
        var resampler = Resampler(from: from, to: to)
        let output = resampler.process(sine(1_000, rate: from)) + resampler.finish()
        #expect(output.count == Int((Double(sine(1_000, rate: from).count) * Double(to) / Double(from)).rounded(.up)))
        let expected = sine(1_000, rate: to)
        // 10 of 10,000: the Blackman window's ripple of −74 dB and two roundings; the edges lack their surroundings.
        let edge = to / 100
        for n in edge..<output.count - edge { #expect(abs(Int(output[n]) - Int(expected[n])) <= 10) }
    }

    @Test func `what the lower rate cannot carry is gone`() {
        var resampler = Resampler(from: 22_050, to: 8_000)
        let output = resampler.process(sine(6_000, rate: 22_050)) + resampler.finish()
        // −60 dB of 10,000; the window promises −74.
        #expect(output.dropFirst(100).dropLast(100).allSatisfy { abs(Int($0)) <= 10 })
    }

    @Test(arguments: [1, 7, 80, 1_600])
    func `pieces give what the whole gives`(size: Int) {
        let input = sine(440, rate: 22_050)
        var whole = Resampler(from: 22_050, to: 8_000)
        var pieces = Resampler(from: 22_050, to: 8_000)
        var output: [Int16] = []
        for start in stride(from: 0, to: input.count, by: size) {
            output += pieces.process(input[start..<min(input.count, start + size)])
        }
        output += pieces.finish()
        #expect(output == whole.process(input) + whole.finish())
    }

    @Test func `nothing gives nothing`() {
        var resampler = Resampler(from: 22_050, to: 8_000)
        #expect(resampler.process([]).isEmpty)
        #expect(resampler.finish().isEmpty)
    }
}
