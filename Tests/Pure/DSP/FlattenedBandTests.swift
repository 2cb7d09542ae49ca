import Foundation
import Testing

@testable import SidetoneDSP

@Suite struct FlattenedBandTests {
    @Test(arguments: [1e-12, 3e-7, 1e-3, 0.7, 1, 2, 950, 1e9] as [Float])
    func `the inverse fourth root is right to 1e-4`(x: Float) {
        let truth = Float(pow(Double(x), -0.25))
        #expect(abs(FlattenedBand.inverseFourthRoot(x) / truth - 1) < 1e-4)
    }

    /// Two bins 20 dB apart, each alone among its neighbours: P̄ is a fifteenth of each, and the floor a tenth of the
    /// weaker one's.
    @Test func `distant peaks become nearly equal`() {
        let band = FlattenedBand(size: 512, spacing: 15.625, noise: 1e-9)
        var spectrum = [Float](repeating: 0, count: 514)
        spectrum[2 * 60] = 10
        spectrum[2 * 100] = 1
        var even = [Float](repeating: 0, count: 1_024)
        _ = band.flatten(&spectrum, into: &even, evenSize: 1_024)
        let weight = { (bin: Double) in 1 / (1 + pow(bin * 15.625 / 2_000, 2)) }
        let ratio = Double(even[60]) / weight(60) / (Double(even[100]) / weight(100))
        // 100·((1/15 + 0.1/15) / (100/15 + 0.1/15))^¾
        #expect(abs(ratio - 100 * pow(1.1 / 100.1, 0.75)) < 0.01)
    }

    @Test func `the result is even, and empty outside the band`() {
        let band = FlattenedBand(size: 512, spacing: 15.625, noise: 1e-9)
        var spectrum = (0..<514).map { Float($0 % 7) - 3 }
        var even = [Float](repeating: 0, count: 1_024)
        _ = band.flatten(&spectrum, into: &even, evenSize: 1_024)
        #expect((1..<512).allSatisfy { even[$0] == even[1_024 - $0] })
        #expect(even[0] == 0 && even[1] == 0 && even[2] > 0)
        #expect(even[217] > 0 && (218...512).allSatisfy { even[$0] == 0 })
    }
}
