import SidetoneDSP
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct CosineTransformTests {
    /// ±1e-5: sums of up to 41 Floats below 1.
    @Test(arguments: [(1, 1), (2, 2), (13, 8), (23, 9), (40, 13), (41, 16), (40, 17), (40, 25), (40, 40)])
    func `coefficients are those of the definition`(_ inputs: Int, outputs: Int) {
        let input = (0..<inputs).map { Float(sin(Double($0 * $0))) }
        var output = [Float](repeating: 0, count: outputs)
        CosineTransform(inputs: inputs, outputs: outputs, lifter: 22).apply(AlignedFloats(input), into: &output)
        for i in 0..<outputs {
            let scale = sqrt((i == 0 ? 1.0 : 2.0) / Double(inputs)) * (1 + 11 * sin(Double.pi * Double(i) / 22))
            let sum = (0..<inputs).reduce(0.0) {
                $0 + Double(input[$1]) * cos(Double.pi * Double(i) * (Double($1) + 0.5) / Double(inputs))
            }
            #expect(abs(output[i] - Float(scale * sum)) < 12e-5)
        }
    }
}
