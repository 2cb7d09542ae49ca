import SidetoneDSP
import SidetoneModel

/// Rejects mel bands that a grid does not support: a band between two bins of the transform would read silence.
enum MelCheck {
    static func check(_ context: FeatureContext) throws(AnalysisError) {
        let grid = context.grid
        let mel = context.settings.mel
        let size = FrameSpectrum.transformSize(window: grid.window)
        guard let empty = MelBands(mel, size: size, sampleRate: grid.sampleRate).firstEmptyBand else { return }
        let fewer = (1..<mel.bands).last { bands in
            fits(MelSettings(preset: mel.preset, bands: bands), size: size, grid: grid)
        }
        var ways = fewer.map { ["set mel_bands to \($0)"] } ?? []
        // A window one sample longer than the transform needs the next larger transform.
        let larger = (0..<6).map { size << $0 }.first { fits(mel, size: $0 * 2, grid: grid) }
        if let larger {
            let windowMs = (Double(larger + 1) * 10_000 / Double(grid.sampleRate)).rounded(.up) / 10
            ways.append("set window_ms to \(windowMs)")
        }
        throw AnalysisError(
            .impossibleGrid,
            "mel_bands is \(mel.bands); in a window of \(grid.window) samples at \(grid.sampleRate) Hz no frequency of"
                + " the transform falls into band \(empty): \(ways.joined(separator: " or "))")
    }

    private static func fits(_ mel: MelSettings, size: Int, grid: FrameGrid) -> Bool {
        MelBands(mel, size: size, sampleRate: grid.sampleRate).firstEmptyBand == nil
    }
}
