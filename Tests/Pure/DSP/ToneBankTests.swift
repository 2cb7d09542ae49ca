import SidetoneDSP
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct ToneBankTests {
    private func sine(_ frequency: Double, amplitude: Double, count: Int) -> [Float] {
        (0..<count).map { Float(amplitude * cos(2 * .pi * frequency * Double($0) / 8_000 + 0.4)) }
    }

    @Test(arguments: [ToneBank.Window.rectangular, .hann])
    func `a tone of the bank reads its amplitude and phase`(window: ToneBank.Window) {
        let bank = ToneBank(frequencies: [500, 1_000, 1_500], length: 160, sampleRate: 8_000, window: window)
        let found = bank.amplitudes(of: sine(1_000, amplitude: 0.5, count: 160).span)
        // 1e-4: a Float sum of 160 products.
        #expect(abs(found.squared[1].squareRoot() - 0.5) < 1e-4)
        #expect(abs(atan2f(found.imaginary[1], found.real[1]) - 0.4) < 1e-3)
        #expect(abs(found.meanSquare - 0.125) < 1e-4)
        // 500 Hz away are ten bins of 20 ms: nulls of both windows.
        #expect(found.squared[0] < 1e-6 && found.squared[2] < 1e-6 && found.squared[3] == 0)
    }

    @Test func `lengths that are not a multiple of four lose nothing`() {
        for length in [1, 2, 3, 5, 110] {
            let bank = ToneBank(frequencies: [0], length: length, sampleRate: 8_000, window: .rectangular)
            let found = bank.amplitudes(of: [Float](repeating: 0.25, count: length).span)
            // A constant is a tone of 0 Hz counted from both sides.
            #expect(abs(found.real[0] - 0.5) < 1e-5)
            #expect(abs(found.meanSquare - 0.0625) < 1e-6)
        }
    }

    @Test func `silence reads nothing`() {
        let bank = ToneBank(frequencies: [697], length: 160, sampleRate: 8_000, window: .hann)
        let found = bank.amplitudes(of: [Float](repeating: 0, count: 160).span)
        #expect(found.squared == .zero && found.meanSquare == 0)
    }
}

@Suite struct PeakTests {
    @Test(arguments: [0, 1, 7, 8, 9, 80])
    func `magnitudes are those of a plain loop`(count: Int) {
        let values = (0..<count).map { Float(($0 * 7) % 11) - 5 }
        #expect(Peak.magnitude(of: values.span) == values.map { abs($0) }.max() ?? 0)
        let mean = count == 0 ? 0 : values.reduce(0) { $0 + abs($1) } / Float(count)
        #expect(abs(Peak.meanMagnitude(of: values.span) - mean) < 1e-5)
    }
}

@Suite struct FineStructureTests {
    private func aligned(_ values: [Float]) -> AlignedFloats {
        let result = AlignedFloats(count: values.count)
        for (n, value) in values.enumerated() { result.base[n] = value }
        return result
    }

    private func spectrum(_ lines: Set<Int>) -> AlignedFloats {
        aligned((0..<129).map { lines.contains($0) ? 1 : 0.001 })
    }

    @Test func `stable lines correlate, moving lines do not`() {
        var structure = FineStructure(bins: 10..<110, reach: 4, lag: 2, timeConstant: 500)
        var other = structure
        var staying: (still: Float, moving: Float) = (0, 0)
        var moving: (still: Float, moving: Float) = (0, 0)
        for step in 0..<20 {
            staying = structure.correlations(spectrum([20, 40, 60, 80]))
            moving = other.correlations(spectrum([20 + step * 3, 41 + step * 3, 15 + step]))
        }
        #expect(staying.still > 0.99 && staying.moving > 0.99)
        #expect(moving.still < 0.3 && moving.moving < 0.3)
    }

    @Test func `nothing and a flat spectrum have no structure`() {
        var structure = FineStructure(bins: 10..<110, reach: 4, lag: 2, timeConstant: 500)
        for _ in 0..<5 {
            let found = structure.correlations(AlignedFloats(count: 129))
            #expect(found.still == 0 && found.moving == 0)
        }
    }
}
