import SidetoneAnalysis
import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Every row of a signal, frame by frame through `Measure`.
func rows(
    of samples: [Float], on grid: FrameGrid, _ features: [String], settings: AnalysisSettings = AnalysisSettings(),
    ceiling: Float = FeatureContext.fullScale
) throws -> [[Float]] {
    var measure = try FeatureExtractor(grid: grid, features: features, settings: settings, ceiling: ceiling)
    var rows: [[Float]] = []
    for row in 0..<Int(grid.rows(in: Int64(samples.count))) {
        let start = row * grid.hop
        measure.process(samples.span.extracting(start..<start + grid.window)) { _, values in
            rows.append(values.indices.map { values[$0] })
        }
    }
    measure.finish { _, values in rows.append(values.indices.map { values[$0] }) }
    return rows
}

/// The one row of a signal that is one window long.
func row(
    of samples: [Float], _ feature: String, rate: Int = 8_000, settings: AnalysisSettings = AnalysisSettings(),
    ceiling: Float = FeatureContext.fullScale
) throws -> [Float] {
    let windowMs = Double(samples.count) * 1_000 / Double(rate)
    let grid = FrameGrid(sampleRate: rate, windowMs: windowMs, hopMs: windowMs)
    return try rows(of: samples, on: grid, [feature], settings: settings, ceiling: ceiling)[0]
}

/// A sine of whole samples a second.
func sine(_ hz: Double, amplitude: Double = 1, rate: Int = 8_000, count: Int) -> [Float] {
    (0..<count).map { Float(amplitude * sin(2 * Double.pi * hz * Double($0) / Double(rate))) }
}
