import SidetoneAnalysis
import SidetoneModel
import Testing

@Suite struct LevelFeatureTests {
    /// ±0.001 dB: a Float sum of up to 1,200 squares; ±1e-5: the tables' digits.
    @Test(arguments: Reference.cases)
    func `rows equal librosa and numpy`(_ grid: Reference.Case) throws {
        let frames = FrameGrid(sampleRate: grid.rate, windowMs: grid.windowMs, hopMs: grid.hopMs)
        let rows = try rows(of: Reference.input(grid.rate), on: frames, ["level"])
        for (row, values) in try Reference.table("level", grid: grid) {
            #expect(abs(rows[row][0] - values[0]) < 1e-3, "level of row \(row)")
            #expect(abs(rows[row][1] - values[1]) < 1e-3, "peak of row \(row)")
            #expect(abs(rows[row][2] - values[2]) < 2e-5, "zero crossings of row \(row)")
            #expect(abs(rows[row][3] - values[3]) < 2e-5, "clipping of row \(row)")
        }
    }

    @Test func `one sample has a level and a peak, no crossing and no run`() throws {
        #expect(try row(of: [0.5], "level").map { ($0 * 100).rounded() / 100 } == [-6.02, -6.02, 0, 0])
    }

    @Test func `silence reads the floor`() throws {
        #expect(try row(of: [Float](repeating: 0, count: 200), "level") == [-96, -96, 0, 0])
        #expect(try row(of: [Float](repeating: -0.0, count: 200), "level") == [-96, -96, 0, 0])
    }

    @Test func `a full-scale square wave reads 0 dBFS, all of it clipped`() throws {
        let square = (0..<200).map { Float($0 / 10 % 2 == 0 ? 1 : -1) }
        #expect(try row(of: square, "level") == [0, 0, 19 / 199, 1])
    }

    /// ±0.01 dB: 200 samples hold 5 whole periods; sampled at the crest.
    @Test func `a full-scale sine reads -3.01 dBFS`() throws {
        let values = try row(of: sine(200, count: 200), "level")
        #expect(abs(values[0] + 3.0103) < 0.001)
        #expect(abs(values[1]) < 0.001)
    }

    @Test func `a sign that changes every sample crosses in every pair, and zero counts as positive`() throws {
        #expect(try row(of: (0..<200).map { $0 % 2 == 0 ? 0.1 : -0.1 }, "level")[2] == 1)
        #expect(try row(of: [0, 0.1, 0, -0.1, 0], "level")[2] == 0.5)
    }

    @Test(
        arguments: [
            ([0.5, 1, 0.5, 1, 0.5], 0), ([0.5, 1, 1, 0.5, 1], 0.4), ([1, 1, 1, 0, -1], 0.6), ([-1, -1, 0, 1, 1], 0.8),
        ] as [([Float], Float)])
    func `only runs of two or more at the ceiling are clipped`(_ samples: [Float], share: Float) throws {
        #expect(try row(of: samples, "level")[3] == share)
    }

    @Test func `the ceiling is the codec's`() throws {
        let samples = [Float](repeating: 32_124 / 32_768, count: 200)
        #expect(try row(of: samples, "level")[3] == 0)
        #expect(try row(of: samples, "level", ceiling: 32_124 / 32_768)[3] == 1)
    }
}
