import Foundation
import SidetoneDSP
import Testing

@Suite struct `Sound features` {
    /// The values of every frame of 25 ms, one each 10 ms.
    private func features(rate: Int = 8000, seconds: Double = 1, _ sample: (Double) -> Double) -> [[Float]] {
        let window = rate / 40
        let hop = rate / 100
        let spectrum = FrameSpectrum(window: window, sampleRate: rate, needs: .power)
        let features = SoundFeatures(window: window, hop: hop, sampleRate: rate)
        let samples = (0..<Int(seconds * Double(rate))).map { Float(sample(Double($0) / Double(rate))) }
        return stride(from: 0, through: samples.count - window, by: hop).map { start in
            spectrum.analyze(samples.span.extracting(start..<start + window))
            features.analyze(spectrum)
            return (0..<SoundFeatures.count).map { features.values.base[$0] }
        }
    }

    /// Harmonics of one pitch up to 3.4 kHz.
    private func voice(_ pitch: Double) -> (Double) -> Double {
        { time in
            (1...Int(3400 / pitch)).reduce(0) { $0 + 0.05 * cos(2 * .pi * pitch * Double($1) * time) }
        }
    }

    @Test func `silence reads the same in every frame, and no value is out of its range`() throws {
        let rows = features { _ in 0 }
        #expect(rows.allSatisfy { $0 == rows[0] })
        #expect(rows[0].allSatisfy { abs($0) <= 3 })
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `what is not a number reads as silence`(_ sample: Double) {
        #expect(features { _ in sample }.last == features { _ in 0 }.last)
    }

    @Test(arguments: [150.0, 200, 250])
    func `a voice is harmonic at its own pitch`(_ pitch: Double) throws {
        let row = try #require(features(voice(pitch)).last)
        // White noise reads −0.5.
        #expect(row[32] > 0)
        // Value 33 is the period over 6.25 ms, less 1; one lag of 8 kHz is 0.02 of that.
        #expect(abs(Double(row[33]) - (160 / pitch - 1)) <= 0.02)
    }

    @Test func `a held tone repeats itself and occupies few bins`() throws {
        let row = try #require(features { 0.1 * sin(2 * .pi * 1000 * $0) }.last)
        #expect(row[35] > 0.95)
        #expect(row[36] > 0.95)
        #expect(row[34] > 0.4)
    }

    @Test func `a band's level above its floor does not depend on the overall level`() throws {
        let loud = try #require(features(voice(160)).last)
        let quiet = try #require(features { voice(160)($0) * 0.1 }.last)
        // The floor of measurement, −90 dBFS, still shows in the emptiest band 20 dB lower.
        for band in 0..<SoundFeatures.bands { #expect(abs(loud[band] - quiet[band]) < 0.01) }
        // Value 37 is the level in steps of 20 dB.
        #expect(abs(loud[37] - quiet[37] - 1) < 0.001)
    }

    @Test(arguments: [16_000, 32_000])
    func `every rate with bins of 31.25 Hz gives the same values`(_ rate: Int) throws {
        let low = try #require(features(voice(160)).last)
        let high = try #require(features(rate: rate, voice(160)).last)
        for index in 0..<SoundFeatures.count { #expect(abs(low[index] - high[index]) <= 0.02) }
    }
}
