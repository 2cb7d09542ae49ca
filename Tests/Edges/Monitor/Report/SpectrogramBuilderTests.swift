import SidetoneModel
import SidetoneMonitor
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct SpectrogramBuilderTests {
    private func sine(_ hz: Double, _ count: Int, rate: Int, from first: Int64 = 0) -> SampleBlock {
        let samples = (0..<count).map { n in
            Int16(32_767 * sin(2 * .pi * hz * (Double(first) + Double(n)) / Double(rate)))
        }
        return SampleBlock(track: .inbound, sampleRate: rate, firstSample: first, samples: samples)
    }

    @Test func `a full-scale sine reads its level in its band`() {
        var builder = SpectrogramBuilder(sampleRate: 8_000)
        let (column, bytes) = builder.add(sine(1_000, 8_000, rate: 8_000))
        #expect(column == 0)
        // The last window begins at 7 680 = 48 · 160 samples and ends within the second.
        #expect(bytes.count == 49 * SpectrogramBuilder.bands)
        // 1 kHz is bin 32 of 256, the lower of band 16's two; the Hann window puts 1 part of 1½ there and ¼ in bin 33, so
        // −3.01 + 10·log10(1.25 / 1.5) = −3.80 dBFS: (96 − 3.80) / 96 · 255 = 244.9.
        for column in 0..<49 {
            let levels = bytes[(column * 64)..<((column + 1) * 64)]
            #expect(abs(Int(levels[levels.startIndex + 16]) - 245) <= 1)
            #expect(levels[levels.startIndex + 40] < 60)
        }
    }

    @Test(arguments: [8_000, 16_000, 24_000, 48_000])
    func `columns are the same however the samples were cut`(_ rate: Int) {
        let whole = sine(440, rate, rate: rate)
        var one = SpectrogramBuilder(sampleRate: rate)
        let expected = one.add(whole).bytes
        for size in [7, 160, 1_601] {
            var cut = SpectrogramBuilder(sampleRate: rate)
            var bytes: [UInt8] = []
            for start in stride(from: 0, to: whole.samples.count, by: size) {
                let end = min(start + size, whole.samples.count)
                bytes +=
                    cut.add(
                        SampleBlock(
                            track: .inbound, sampleRate: rate, firstSample: Int64(start),
                            samples: Array(whole.samples[start..<end]))
                    ).bytes
            }
            #expect(bytes == expected)
        }
    }

    @Test func `what is left out is passed over, and columns keep their places`() {
        var builder = SpectrogramBuilder(sampleRate: 8_000)
        _ = builder.add(sine(440, 800, rate: 8_000))
        let (column, bytes) = builder.add(sine(440, 800, rate: 8_000, from: 16_001))
        #expect(column == 101)
        #expect(!bytes.isEmpty)
    }
}
