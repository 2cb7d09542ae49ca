import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Sounds drawn by formula, one after another.
struct DrawnSound {
    var rate = 8_000
    private(set) var samples: [Float] = []
    private var random: SplitMix64

    init(rate: Int = 8_000, seed: UInt64 = 1) {
        self.rate = rate
        random = SplitMix64(seed: seed)
    }

    var seconds: Double { Double(samples.count) / Double(rate) }

    /// Soft noise, or digital silence.
    mutating func pause(_ seconds: Double, amplitude: Float = 0.0005) {
        append(seconds) { _ in
            0
        } noise: {
            amplitude
        }
    }

    /// Tones of equal amplitude.
    mutating func tone(_ hz: [Double], seconds: Double, amplitude: Double = 0.1) {
        append(seconds) { time in
            hz.reduce(0) { $0 + amplitude * Self.wave($1 * time) }
        } noise: {
            0.0003
        }
    }

    /// A cadence: seconds on and off in turn, `times` over.
    mutating func cadence(_ hz: [Double], onOff: [Double], times: Int) {
        for _ in 0..<times {
            for (index, seconds) in onOff.enumerated() {
                if index % 2 == 0 { tone(hz, seconds: seconds) } else { pause(seconds) }
            }
        }
    }

    /// A push-button digit by its index, from 1.
    mutating func digit(_ code: Int, seconds: Double) {
        let low = [697.0, 770, 852, 941][(code - 1) / 4]
        tone([low, [1_209.0, 1_336, 1_477, 1_633][(code - 1) % 4]], seconds: seconds, amplitude: 0.15)
    }

    /// Gliding harmonics, four swells a second, as syllables.
    mutating func voice(_ seconds: Double, hz: Double = 120) {
        append(seconds) { time in
            let swell = abs(Self.wave(2 * time))
            let phase = hz * time + 2 * Self.wave(0.7 * time)
            var sum = 0.0
            for harmonic in 3...20 { sum += Self.wave(Double(harmonic) * phase + Double(harmonic * harmonic) * 0.16) }
            return 0.02 * swell * sum
        } noise: {
            0.0005
        }
    }

    mutating func append(_ other: [Float]) { samples += other }

    private mutating func append(_ seconds: Double, sound: (Double) -> Double, noise: () -> Float) {
        let amplitude = noise()
        for n in 0..<Int((seconds * Double(rate)).rounded()) {
            let hiss = amplitude * Float(2 * random.fraction() - 1)
            samples.append(Float(sound(Double(n) / Double(rate))) + hiss)
        }
    }

    /// sin(2πx).
    static func wave(_ turns: Double) -> Double { sin(2 * Double.pi * turns) }
}
