import SidetoneAnalysis
import SidetoneModel
import Testing

@Suite struct MFCCFeatureTests {
    /// ±1e-3 in rows whose bands lie within 70 dB; ±3e-3 in the others, where the bands themselves differ by that.
    @Test(arguments: ["kaldi", "librosa"], Reference.cases)
    func `coefficients equal Kaldi's and librosa's`(_ preset: String, grid: Reference.Case) throws {
        let settings = MelFeatureTests.settings(preset, grid: grid)
        let rows = try rows(
            of: Reference.input(grid.rate), on: settings.grid(sampleRate: grid.rate), ["mfcc"], settings: settings)
        for ((row, values), (_, bands)) in try zip(
            Reference.table("mfcc_\(preset)", grid: grid), Reference.table("mel_\(preset)", grid: grid))
        {
            #expect(rows[row].count == values.count)
            let range = (bands.max() ?? 0) - (bands.min() ?? 0)
            let worst = zip(rows[row], values).map { abs($0 - $1) }.max() ?? .nan
            #expect(worst < (range < MelFeatureTests.depth(preset) ? 1e-3 : 3e-3), "row \(row)")
        }
    }

    @Test func `equal bands leave only the first coefficient`() throws {
        let values = try row(of: [Float](repeating: 0, count: 200), "mfcc")
        #expect(abs(values[0] + 100 * Float(40).squareRoot()) < 1e-3)
        #expect(values.dropFirst().allSatisfy { abs($0) < 1e-3 })
    }

    @Test func `mel and mfcc computed together equal those computed separately`() throws {
        let input = try Reference.input(8_000)
        let grid = FrameGrid(sampleRate: 8_000)
        let together = try rows(of: input, on: grid, ["mel", "mfcc"])
        let mel = try rows(of: input, on: grid, ["mel"])
        let mfcc = try rows(of: input, on: grid, ["mfcc"])
        #expect(together == zip(mel, mfcc).map { $0 + $1 })
    }

    @Test func `more coefficients than bands are rejected with solutions`() {
        var settings = AnalysisSettings()
        settings.melBands = 10
        let error = #expect(throws: AnalysisError.self) {
            try FeatureExtractor(grid: FrameGrid(sampleRate: 8_000), features: ["mfcc"], settings: settings)
        }
        #expect(
            error?.description
                == "mfcc_count is 13; 10 mel bands have at most 10 coefficients: set mfcc_count to 10 or mel_bands to 13 "
                + "[conflictingSettings]")
    }
}
