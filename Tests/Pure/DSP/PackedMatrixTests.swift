import Testing

@testable import SidetoneDSP

@Suite struct PackedMatrixTests {
    // Small whole numbers: every sum is exact in Float, so equality is.
    private let matrix = PackedMatrix(
        outputs: 64, inputs: 7, bias: (0..<64).map { Float($0 % 5) - 2 }, weight: { Float(($0 * 3 + $1 * 5) % 11) - 5 })

    @Test(arguments: [1, 2, 3, 4, 5, 7, 8], [false, true])
    func `any number of frames equals the sum by definition`(frames: Int, rectified: Bool) {
        let x = (0..<40).map { Float($0 * 7 % 13) - 6 }
        var y = [Float](repeating: 99, count: 3 + frames * 64 + 1)
        matrix.multiply(x, stride: 4, frames: frames, into: &y, at: 3, rectified: rectified)
        for frame in 0..<frames {
            for output in 0..<64 {
                var sum = Float(output % 5) - 2
                for input in 0..<7 { sum += (Float((output * 3 + input * 5) % 11) - 5) * x[frame * 4 + input] }
                #expect(y[3 + frame * 64 + output] == (rectified ? max(0, sum) : sum))
            }
        }
        #expect(y[2] == 99 && y[3 + frames * 64] == 99)
    }
}
