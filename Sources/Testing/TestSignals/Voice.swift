#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Sounds whose fundamental frequency is known in closed form.
package enum Voice {
    /// Harmonics of equal strength, like a voice through a bandpass filter.
    ///
    ///     x[n] = 0.05·Σ cos(h·φ[n] + h²),  φ[n] = 2π·Σ f0(m/rate)/rate for m < n
    ///
    /// over the harmonics h whose frequency lies in the band at that time.
    ///
    /// - Parameters:
    ///   - seconds: the duration.
    ///   - sampleRate: samples per second.
    ///   - band: the passband, in Hz; harmonics up to the 80th.
    ///   - f0: the fundamental frequency in Hz at a time in seconds.
    package static func harmonics(
        seconds: Double, sampleRate: Int, band: ClosedRange<Double> = 300...3_400, f0: (Double) -> Double
    ) -> [Float] {
        var phase = 0.0
        return (0..<Int(seconds * Double(sampleRate))).map { n in
            let hz = f0(Double(n) / Double(sampleRate))
            var sum = 0.0
            for h in 1..<80 where band.contains(Double(h) * hz) { sum += cos(Double(h) * phase + Double(h * h)) }
            phase += 2 * Double.pi * hz / Double(sampleRate)
            return Float(0.05 * sum)
        }
    }

    /// White noise, identical for the same seed (xorshift64, Marsaglia 2003).
    ///
    /// - Parameter amplitude: the values are uniformly distributed between −amplitude and amplitude.
    package static func noise(count: Int, amplitude: Float, seed: UInt64) -> [Float] {
        var state = seed | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return amplitude * (Float(state >> 40) / Float(1 << 23) - 1)
        }
    }
}
