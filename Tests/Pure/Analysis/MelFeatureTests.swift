import SidetoneAnalysis
import SidetoneModel
import Testing

@Suite struct MelFeatureTests {
    static func settings(_ preset: String, grid: Reference.Case) -> AnalysisSettings {
        var settings = AnalysisSettings()
        settings.windowMs = grid.windowMs
        settings.hopMs = grid.hopMs
        settings.melPreset = preset
        settings.melBands = grid.bands
        settings.mfccCount = grid.cepstra
        return settings
    }

    /// ±1e-3 in the preset's own logarithm, ln or dB, for bands within 70 dB of the row's loudest. A Float transform is
    /// rounded about 140 dB below its loudest bin, which moves a band 90 dB below, the deepest here, by up to 3e-3 dB
    /// from librosa's Doubles.
    @Test(arguments: ["kaldi", "librosa"], Reference.cases)
    func `bands equal Kaldi's and librosa's`(_ preset: String, grid: Reference.Case) throws {
        let settings = Self.settings(preset, grid: grid)
        let rows = try rows(
            of: Reference.input(grid.rate), on: settings.grid(sampleRate: grid.rate), ["mel"], settings: settings)
        var worst: Float = 0
        var worstDeep: Float = 0
        for (row, values) in try Reference.table("mel_\(preset)", grid: grid) {
            #expect(rows[row].count == values.count)
            let loudest = values.max() ?? 0
            for (band, value) in values.enumerated() {
                let difference = abs(rows[row][band] - value)
                if value > loudest - Self.depth(preset) {
                    worst = max(worst, difference)
                } else {
                    worstDeep = max(worstDeep, difference)
                }
            }
        }
        #expect(worst < 1e-3)
        #expect(worstDeep < 3e-3)
    }

    /// 70 dB in the preset's logarithm.
    static func depth(_ preset: String) -> Float { preset == "kaldi" ? 16.118 : 70 }

    /// Kaldi's floor is the step of a Float at 1, librosa's is −100 dB.
    @Test(arguments: [("kaldi", Float(-15.942_385)), ("librosa", -100)])
    func `silence reads the preset's floor in every band`(_ preset: String, floor: Float) throws {
        var settings = AnalysisSettings()
        settings.melPreset = preset
        let values = try row(of: [Float](repeating: 0, count: 200), "mel", settings: settings)
        #expect(values.allSatisfy { abs($0 - floor) < 1e-4 })
    }

    @Test func `a constant is silence to Kaldi's mean removal`() throws {
        var settings = AnalysisSettings()
        settings.melPreset = "kaldi"
        let values = try row(of: [Float](repeating: 0.5, count: 200), "mel", settings: settings)
        #expect(values.allSatisfy { abs($0 + 15.942_385) < 1e-4 })
    }

    @Test func `a tone is loudest in the band around it`() throws {
        for preset in ["kaldi", "librosa"] {
            var settings = AnalysisSettings()
            settings.melPreset = preset
            let loudest = try [300.0, 1_100, 3_000].map { hz in
                let values = try row(of: sine(hz, count: 200), "mel", settings: settings)
                return values.indices.max { values[$0] < values[$1] } ?? -1
            }
            // By hand: kaldi's centres are 31.75 + 51.56·(m + 1) mel, librosa's 0.8574·(m + 1) of Slaney's mel.
            #expect(loudest == (preset == "kaldi" ? [6, 19, 35] : [4, 18, 35]))
        }
    }

    @Test func `twice the amplitude adds ln 4 or 6.02 dB`() throws {
        for (preset, step) in [("kaldi", Float(1.386_294)), ("librosa", Float(6.020_6))] {
            var settings = AnalysisSettings()
            settings.melPreset = preset
            let quiet = try Reference.input(8_000)[0..<200].map { $0 / 2 }
            let loud = quiet.map { $0 * 2 }
            let difference = try zip(
                row(of: loud, "mel", settings: settings), row(of: quiet, "mel", settings: settings))
            #expect(difference.allSatisfy { abs($0 - $1 - step) < 1e-4 })
        }
    }

    @Test func `a window too short for the bands is rejected with solutions`() throws {
        let grid = FrameGrid(sampleRate: 8_000, windowMs: 5, hopMs: 5)
        let error = #expect(throws: AnalysisError.self) {
            try FeatureExtractor(grid: grid, features: ["mel"], settings: AnalysisSettings())
        }
        #expect(error?.code == .impossibleGrid)
        let detail = try #require(error?.detail)
        // What it names must work.
        let bands = try #require(number(after: "set mel_bands to ", in: detail))
        let window = try #require(number(after: "set window_ms to ", in: detail))
        var fewer = AnalysisSettings()
        fewer.melBands = Int(bands)
        _ = try FeatureExtractor(grid: grid, features: ["mel"], settings: fewer)
        _ = try FeatureExtractor(
            grid: FrameGrid(sampleRate: 8_000, windowMs: window, hopMs: 5), features: ["mel"],
            settings: AnalysisSettings())
    }

    private func number(after words: String, in text: String) -> Double? {
        guard let range = text.firstRange(of: words) else { return nil }
        return Double(text[range.upperBound...].prefix { $0.isNumber || $0 == "." })
    }
}
