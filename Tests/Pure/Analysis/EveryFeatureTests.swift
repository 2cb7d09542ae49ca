import SidetoneAnalysis
import SidetoneModel
import Testing

/// What every set of measures must do, over the catalogue.
@Suite("Every feature") struct EveryFeatureTests {
    static let rates = [8_000, 16_000, 24_000, 48_000]
    static let grids = [(25.0, 10.0), (20, 10), (32, 12.5), (60, 5), (10, 20)]
    static let suffixes = ["Hz": "_hz", "dBFS": "_dbfs", "dB": "_db", "dB/kHz": "_db_per_khz", "s": "_s", "ms": "_ms"]

    @Test func `names and columns are unique`() {
        #expect(Set(FeatureCatalog.all.map { $0.name }).count == FeatureCatalog.all.count)
        let columns = FeatureCatalog.all.flatMap { $0.columns(on: FrameGrid(sampleRate: 16_000)) }.map(\.name)
        #expect(Set(columns).count == columns.count)
    }

    /// Numbered columns (`log_mel_00`) are logarithms by a preset, whose unit the column tells.
    @Test(arguments: FeatureCatalog.all)
    func `a column's name ends in its unit`(_ feature: any Feature.Type) {
        for column in feature.columns(on: FrameGrid(sampleRate: 8_000))
        where !column.name.suffix(2).allSatisfy(\.isNumber) {
            guard let suffix = Self.suffixes[column.unit] else { continue }
            #expect(column.name.hasSuffix(suffix))
        }
    }

    @Test(arguments: FeatureCatalog.all, rates)
    func `every row of every kind of sound is finite`(_ feature: any Feature.Type, rate: Int) throws {
        for (name, sound) in Sounds.all(rate: rate) {
            let rows = try rows(of: sound, on: FrameGrid(sampleRate: rate), [feature.name])
            let columns = feature.columns(on: FrameGrid(sampleRate: rate))
            #expect(rows.count == FrameGrid(sampleRate: rate).rows(in: Int64(sound.count)))
            for row in rows {
                for (value, column) in zip(row, columns) {
                    // An empty cell is a value where the column says so.
                    let mayBeEmpty = column.summary.contains("empty") || column.range.contains("empty")
                    #expect(value.isFinite || (value.isNaN && mayBeEmpty), "\(column.name) of \(name): \(value)")
                }
            }
        }
    }

    @Test(arguments: FeatureCatalog.all, grids)
    func `any window and hop is processed, or rejected with a reason`(
        _ feature: any Feature.Type, grid: (windowMs: Double, hopMs: Double)
    ) throws {
        for rate in Self.rates {
            let frames = FrameGrid(sampleRate: rate, windowMs: grid.windowMs, hopMs: grid.hopMs)
            do {
                let rows = try rows(of: Sounds.tone(rate: rate), on: frames, [feature.name])
                #expect(Int64(rows.count) == frames.rows(in: Int64(Sounds.tone(rate: rate).count)))
            } catch let error as AnalysisError {
                #expect(error.detail.contains("set "))
            }
        }
    }

    @Test(arguments: FeatureCatalog.all)
    func `the same sound gives identical bits`(_ feature: any Feature.Type) throws {
        let input = try Reference.input(8_000)
        let grid = FrameGrid(sampleRate: 8_000)
        let first = try rows(of: input, on: grid, [feature.name]).map { $0.map(\.bitPattern) }
        #expect(try rows(of: input, on: grid, [feature.name]).map { $0.map(\.bitPattern) } == first)
    }

    @Test(arguments: FeatureCatalog.all)
    func `a feature gives the same values alone and beside all others`(_ feature: any Feature.Type) throws {
        let input = try Reference.input(8_000)
        let grid = FrameGrid(sampleRate: 8_000)
        let alone = try rows(of: input, on: grid, [feature.name])
        let names = FeatureCatalog.all.map { $0.name }
        let before = FeatureCatalog.all.prefix { $0.name != feature.name }.reduce(0) { $0 + $1.columns(on: grid).count }
        let together = try rows(of: input, on: grid, names)
        for (row, all) in zip(alone, together) {
            #expect(row.map(\.bitPattern) == all[before..<before + row.count].map(\.bitPattern))
        }
    }

    /// The third of four seconds' worth of rows holds what is no sample: it reads as 0 there, and no other row differs.
    @Test(arguments: FeatureCatalog.all, [Float.nan, .infinity, -.infinity, 1e30])
    func `an invalid sample reads as 0`(_ feature: any Feature.Type, value: Float) throws {
        let grid = FrameGrid(sampleRate: 8_000)
        var spoilt = try Reference.input(8_000)
        var clean = spoilt
        for n in 1_000..<1_003 {
            spoilt[n] = value
            clean[n] = 0
        }
        let expected = try rows(of: clean, on: grid, [feature.name]).map { $0.map(\.bitPattern) }
        #expect(try rows(of: spoilt, on: grid, [feature.name]).map { $0.map(\.bitPattern) } == expected)
    }

    @Test(arguments: FeatureCatalog.all)
    func `no samples give no row`(_ feature: any Feature.Type) throws {
        #expect(try rows(of: [], on: FrameGrid(sampleRate: 8_000), [feature.name]).isEmpty)
    }
}
