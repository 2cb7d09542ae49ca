import SidetoneDSP
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct FrameSpectrumTests {
    /// The transform by its definition, in Doubles: (window/4)² for a full-scale tone is the scale; 1e-5 of that is a
    /// Float transform's rounding.
    @Test(arguments: [1, 2, 3, 5, 40, 200, 256, 400, 441])
    func `power is the windowed transform's, at any window`(_ window: Int) {
        let samples = (0..<window).map { Float(sin(0.7 * Double($0)) * 0.5 + cos(2.1 * Double($0)) * 0.25) }
        let spectrum = FrameSpectrum(window: window, sampleRate: 8_000, needs: [.magnitude, .logPower])
        spectrum.analyze(samples.span)
        let tolerance = Float(window * window) / 16 * 1e-5 + 1e-9
        for bin in 0..<spectrum.bins {
            var re = 0.0
            var im = 0.0
            for n in 0..<window {
                let value = Double(samples[n]) * (0.5 - 0.5 * cos(2 * Double.pi * Double(n) / Double(window)))
                let angle = 2 * Double.pi * Double(bin * n) / Double(spectrum.size)
                re += value * cos(angle)
                im += value * sin(angle)
            }
            #expect(abs(spectrum.power[bin] - Float(re * re + im * im)) < tolerance)
            #expect(spectrum.magnitude[bin] == spectrum.power[bin].squareRoot())
        }
    }

    @Test func `spectra that are not needed are not computed`() {
        let samples = [Float](repeating: 0.5, count: 200)
        let none = FrameSpectrum(window: 200, sampleRate: 8_000, needs: [])
        none.analyze(samples.span)
        #expect(none.power.allSatisfy { $0 == 0 })
        let power = FrameSpectrum(window: 200, sampleRate: 8_000, needs: .power)
        power.analyze(samples.span)
        #expect(power.power.contains { $0 > 0 })
        #expect(power.magnitude.allSatisfy { $0 == 0 })
        #expect(power.logPower.allSatisfy { $0 == 0 })
        #expect(power.logMel.allSatisfy { $0 == 0 })
    }
}
