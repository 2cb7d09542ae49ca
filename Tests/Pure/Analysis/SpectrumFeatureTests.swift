import SidetoneAnalysis
import SidetoneModel
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct SpectrumFeatureTests {
    /// The columns with what they may differ by, as a share of the value and at least absolutely. Sums and logarithms
    /// of up to 513 Floats are good to about 1e-5; a tone's deep valleys carry the transform's own rounding.
    static let tolerances: [(column: String, relative: Float, absolute: Float)] = [
        ("centroid_hz", 1e-4, 0.01), ("bandwidth_hz", 1e-4, 0.01), ("rolloff_hz", 1e-6, 0.001),
        ("flatness", 1e-3, 2e-5),
        ("entropy", 1e-4, 2e-5), ("flux", 1e-4, 2e-5), ("slope_db_per_khz", 5e-4, 1e-3), ("low_high_db", 1e-4, 1e-3),
    ]

    @Test(arguments: Reference.cases)
    func `rows equal librosa, scipy and numpy`(_ grid: Reference.Case) throws {
        let frames = FrameGrid(sampleRate: grid.rate, windowMs: grid.windowMs, hopMs: grid.hopMs)
        let rows = try rows(of: Reference.input(grid.rate), on: frames, ["spectrum"])
        for (row, values) in try Reference.table("spectrum", grid: grid) {
            for (index, tolerance) in Self.tolerances.enumerated() where !values[index].isNaN {
                let allowed = max(tolerance.absolute, tolerance.relative * abs(values[index]))
                #expect(
                    abs(rows[row][index] - values[index]) <= allowed,
                    "\(tolerance.column) of row \(row): \(rows[row][index]) beside \(values[index])")
            }
        }
    }

    @Test func `silence has no frequency and no tilt, and is flat`() throws {
        let values = try row(of: [Float](repeating: 0, count: 200), "spectrum")
        // Equal bins sum to their number only within Float's rounding.
        for (value, expected) in zip(values, [0, 0, 0, 1, 1, 0, 0, 0] as [Float]) {
            #expect(abs(value - expected) < 1e-4)
        }
    }

    @Test func `an impulse is flat`() throws {
        var impulse = [Float](repeating: 0, count: 256)
        impulse[128] = 1
        let values = try row(of: impulse, "spectrum")
        #expect(abs(values[0] - 2_000) < 0.1)
        // The deviation of 129 equal bins, 31.25 Hz apart.
        #expect(abs(values[1] - 31.25 * (Float(129 * 129 - 1) / 12).squareRoot()) < 0.1)
        #expect(values[3] > 0.9999 && values[4] > 0.9999)
        #expect(abs(values[6]) < 1e-3)
    }

    /// A Hann window spreads a tone on a bin over three bins as 1:2:1, magnitudes; powers 1:4:1.
    @Test func `a tone on a bin has the moments of its three bins`() throws {
        let values = try row(of: sine(1_000, count: 256), "spectrum")
        #expect(abs(values[0] - 1_000) < 0.1)
        #expect(abs(values[1] - 31.25 * Float(0.5).squareRoot()) < 0.1)
        #expect(values[2] == 1_000 + 31.25)
        let entropy = -(4.0 / 6 * log2(4.0 / 6) + 2.0 / 6 * log2(1.0 / 6)) / log2(129)
        #expect(abs(values[4] - Float(entropy)) < 1e-4)
        #expect(values[3] < 1e-6)
        // Below 1 kHz lies one of the side bins, from 1 kHz up the centre and the other.
        #expect(abs(values[7] - 10 * Float(log10(1.0 / 5))) < 1e-3)
    }

    @Test func `a change of spectrum shows in the flux, a change of level does not`() throws {
        let grid = FrameGrid(sampleRate: 8_000, windowMs: 32, hopMs: 32)
        let low = sine(500, amplitude: 0.5, count: 256)
        let samples = low + low.map { $0 / 4 } + sine(3_000, count: 256)
        let rows = try rows(of: samples, on: grid, ["spectrum"])
        #expect(rows[0][5] == 0)
        #expect(rows[1][5] < 1e-5)
        // Two tones apart, each 1:2:1 of sum 1: √(2·6)/4.
        #expect(abs(rows[2][5] - Float(12).squareRoot() / 4) < 1e-4)
    }

    @Test func `a window of one sample is supported`() throws {
        let values = try row(of: [0.5], "spectrum")
        #expect(values.allSatisfy { $0.isFinite })
    }
}
