import Testing

@testable import SidetoneDSP

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct NaturalLogTests {
    /// The greatest share of the bound that the error takes over `steps` Floats from a bit pattern on.
    private func worst(from first: UInt32, by step: UInt32, count: Int) -> Double {
        let input = AlignedFloats(count: 4_096)
        let output = AlignedFloats(count: 4_096)
        var worst = 0.0
        var bits = first
        for _ in 0..<count / 4_096 {
            for n in 0..<4_096 {
                input.base[n] = Float(bitPattern: bits)
                bits += step
            }
            NaturalLog.apply(input.base, into: output.base, count: 4_096, floor: Float.leastNormalMagnitude)
            for n in 0..<4_096 {
                let truth = log(Double(input.base[n]))
                let bound = Double(NaturalLog.relativeError) * abs(truth)
                let error = abs(Double(output.base[n]) - truth)
                if error > 0 { worst = max(worst, error / bound) }
            }
        }
        return worst
    }

    /// √½…√2 is the interval that every argument is reduced to: all of its 2²³ Floats, a third of them here a run.
    @Test(arguments: [UInt32(0), 1, 2]) func `every mantissa is within the bound`(_ offset: UInt32) {
        #expect(worst(from: 0x3F35_04F3 + offset, by: 3, count: (1 << 23) / 3) <= 1)
    }

    /// Every exponent, 8,192 mantissas each.
    @Test func `every exponent is within the bound`() {
        #expect(worst(from: Float.leastNormalMagnitude.bitPattern, by: 1_021, count: 254 * 8_192) <= 1)
    }

    @Test func `values below the floor and not-a-number read as the floor`() {
        let values = AlignedFloats([0, -1, Float.nan, -Float.infinity, 1e-11, 1e-9])
        NaturalLog.apply(values.base, into: values.base, count: 6, floor: 1e-10, scale: NaturalLog.decibels)
        for n in 0..<5 { #expect(abs(values[n] + 100) < 1e-4) }
        #expect(abs(values[5] + 90) < 1e-4)
    }

    @Test(arguments: 1...20) func `any count is written, and nothing past it`(_ count: Int) {
        let input = AlignedFloats([Float](repeating: 1, count: count))
        let output = AlignedFloats([Float](repeating: 7, count: count + 1))
        NaturalLog.apply(input.base, into: output.base, count: count, floor: 1e-10)
        #expect(output.dropLast().allSatisfy { $0 == 0 })
        #expect(output[count] == 7)
    }
}
