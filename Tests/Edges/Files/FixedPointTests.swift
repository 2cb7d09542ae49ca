import Foundation
import Testing

@testable import SidetoneFiles

@Suite struct FixedPointTests {
    private func text(_ value: Float, decimals: Int) -> String {
        var bytes: [UInt8] = []
        FixedPoint.append(value, decimals: decimals, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `digits equal those of C`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let value = Float.random(in: -20_000...20_000, using: &generator) * Float.random(in: 0...1)
            for decimals in 0...6 {
                let right = String(format: "%.\(decimals)f", Double(value))
                let isZero = !right.contains { "123456789".contains($0) }
                #expect(
                    text(value, decimals: decimals) == (isZero ? right.replacing("-", with: "") : right), "\(value)")
            }
        }
    }

    @Test(
        arguments: [
            (0, 3, "0.000"), (-0.0, 2, "0.00"), (-0.0004, 3, "0.000"), (0.5, 0, "0"), (1.5, 0, "2"), (-1.25, 1, "-1.2"),
            (.nan, 3, ""), (-96, 2, "-96.00"), (0.125, 2, "0.12"), (.infinity, 2, "inf"), (9.999, 2, "10.00"),
        ] as [(Float, Int, String)])
    func `special values`(_ value: Float, decimals: Int, right: String) {
        #expect(text(value, decimals: decimals) == right)
    }
}
