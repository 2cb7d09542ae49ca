import Glibc

/// Ten seconds of a speech-like sound by formula, the same in every run.
enum Audio {
    static let seconds = 10

    static func samples(rate: Int) -> [Int16] {
        var state: UInt64 = 0x5EED
        var phase = 0.0
        return (0..<seconds * rate).map { n in
            let t = Double(n) / Double(rate)
            phase += 2 * Double.pi * (140 + 40 * sin(2 * Double.pi * 0.7 * t)) / Double(rate)
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let noise = Double(Int64(bitPattern: state) >> 32) / 2_147_483_648
            let voice = (1...12).reduce(0.0) { $0 + sin(phase * Double($1)) / Double($1) }
            // Syllables at 3 Hz: loud, soft, and the noise between them.
            let syllable = max(0, sin(2 * Double.pi * 3 * t))
            return Int16(6_000 * voice * syllable * syllable + 300 * noise)
        }
    }

    static func write(_ samples: [Int16], to path: String) -> Bool {
        guard let file = fopen(path, "wb") else { return false }
        let written = samples.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        return fclose(file) == 0 && written == samples.count * 2
    }
}
