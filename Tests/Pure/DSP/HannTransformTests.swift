import SidetoneDSP
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct HannTransformTests {
    @Test func `a full-scale sine on a bin reads a quarter of the size there and half of that beside`() {
        let transform = HannTransform(size: 128)
        let samples = [9, 9] + (0..<128).map { Float(sin(2 * Double.pi * 10 * Double($0) / 128)) }
        var output = [Float](repeating: 7, count: 1 + transform.bins + 1)
        transform.magnitudes(of: samples, from: 2, into: &output, at: 1)
        for bin in 0..<transform.bins {
            let expected: Float = bin == 10 ? 32 : abs(bin - 10) == 1 ? 16 : 0
            // 1e-4: a Float sum of 128 products of magnitude up to 1.
            #expect(abs(output[1 + bin] - expected) < 1e-4)
        }
        #expect(output[0] == 7 && output[1 + transform.bins] == 7)
    }
}
