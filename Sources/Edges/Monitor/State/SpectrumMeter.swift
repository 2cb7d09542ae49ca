import SidetoneDSP
import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A track's spectrum for display: columns of `bands` bytes, one every `stepMs`.
struct SpectrumBlock {
    let track: TrackRole
    /// The number of the first column from the call clock's zero.
    let first: Int64
    let highHz: Int
    /// Column by column, from the lowest band up: 0 is −96 dBFS, 255 is 0 dBFS.
    let bytes: [UInt8]
}

/// Computes spectra of a subscribed track's samples.
///
/// A column covers the 32 ms from its start, weighted by a Hann window. A band holds the strongest of its bins; a
/// full-scale sine reads −3.01 dBFS.
final class SpectrumMeter {
    static let bands = 64
    static let stepMs = 20
    private static let windowMs = 32

    let sampleRate: Int
    private let track: TrackRole
    private let spectrum: FrameSpectrum
    private let step: Int
    private let window: Int
    private let fullScale: Float
    private var samples: [Float] = []
    /// The position of the first of them on the track.
    private var first: Int64?

    init(track: TrackRole, sampleRate: Int) {
        self.track = track
        self.sampleRate = sampleRate
        step = max(1, sampleRate * Self.stepMs / 1_000)
        // At least two bins per band.
        window = max(256, sampleRate * Self.windowMs / 1_000)
        spectrum = FrameSpectrum(window: window, sampleRate: sampleRate, needs: .power)
        fullScale = Float(window * window) / 16 * 2
    }

    /// - Returns: nil while no column is complete.
    func add(_ block: SampleBlock) -> SpectrumBlock? {
        if let first, block.firstSample != first + Int64(samples.count) {
            // Blocks were lost in the queue.
            samples = []
            self.first = nil
        }
        if first == nil {
            // Columns lie on a fixed grid from the zero of the clock.
            let skipped = Int((Int64(step) - block.firstSample % Int64(step)) % Int64(step))
            guard skipped < block.samples.count else { return nil }
            first = block.firstSample + Int64(skipped)
            samples = block.samples[skipped...].map { Float($0) / 32_768 }
        } else {
            samples.append(contentsOf: block.samples.lazy.map { Float($0) / 32_768 })
        }
        return drainColumns()
    }

    private func drainColumns() -> SpectrumBlock? {
        guard let start = first, samples.count >= window else { return nil }
        var bytes: [UInt8] = []
        var position = 0
        while position + window <= samples.count {
            spectrum.analyze(samples.span.extracting(position..<(position + window)))
            appendColumn(to: &bytes)
            position += step
        }
        samples.removeFirst(position)
        first = start + Int64(position)
        return SpectrumBlock(track: track, first: start / Int64(step), highHz: sampleRate / 2, bytes: bytes)
    }

    private func appendColumn(to bytes: inout [UInt8]) {
        let bins = spectrum.bins - 1
        for band in 0..<Self.bands {
            var strongest: Float = 0
            // The DC bin is not shown.
            for bin
                in (1 + band * bins / Self.bands)...max(1 + band * bins / Self.bands, (band + 1) * bins / Self.bands)
            {
                strongest = max(strongest, spectrum.power[bin])
            }
            let level = 10 * log10(max(1e-12, strongest / fullScale))
            bytes.append(UInt8(max(0, min(255, (level + 96) / 96 * 255)).rounded()))
        }
    }
}
