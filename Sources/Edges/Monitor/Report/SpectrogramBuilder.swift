import SidetoneDSP
package import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The spectrogram of a track as a person looks at it: 64 bands from 0 to half the sample rate, a column every 20 ms.
///
/// A band is the power of its bins under a Hann window of the power of two nearest above 25 ms, in dBFS (RMS 1.0 reads
/// 0), told as a byte: 0 is −96 dBFS, 255 is 0.
package struct SpectrogramBuilder {
    package static let bands = 64
    package static let stepMs = 20

    private let sampleRate: Int
    private let transform: HannTransform
    private let size: Int
    private let scale: Float
    private var magnitudes: [Float]
    private var samples: [Float] = []
    /// The place of the next column's first sample on the call clock.
    private var next: Int64 = 0
    /// The place of `samples[0]` on the call clock.
    private var first: Int64 = 0

    package init(sampleRate: Int) {
        self.sampleRate = sampleRate
        var size = 2 * Self.bands
        while size * 1_000 < sampleRate * 25 { size *= 2 }
        self.size = size
        transform = HannTransform(size: size)
        // Σ of the squared Hann window is 3N/8; the factor 2 is for the bins below zero.
        scale = 2 / (Float(size) * Float(size) * 3 / 8)
        magnitudes = [Float](repeating: 0, count: transform.bins)
    }

    /// The highest frequency that is shown, in Hz.
    package var highHz: Int { sampleRate / 2 }

    /// Takes the next samples; what was left out before them is passed over.
    ///
    /// - Returns: the columns that they complete, each `bands` bytes, the lowest band first; and the number of the first.
    package mutating func add(_ block: SampleBlock) -> (column: Int64, bytes: [UInt8]) {
        if block.firstSample != first + Int64(samples.count) {
            samples = []
            first = block.firstSample
            let step = hop(of: 1)
            next = (first + step - 1) / step * step
        }
        samples += block.samples.map { Float($0) / 32_768 }
        let column = next / hop(of: 1)
        var bytes: [UInt8] = []
        while Int(next - first) + size <= samples.count {
            transform.magnitudes(of: samples, from: Int(next - first), into: &magnitudes, at: 0)
            for band in 0..<Self.bands { bytes.append(level(of: band)) }
            next += hop(of: 1)
        }
        let done = min(samples.count, Int(next - first))
        samples.removeFirst(done)
        first += Int64(done)
        return (column, bytes)
    }

    private func hop(of steps: Int64) -> Int64 { steps * Int64(max(1, sampleRate * Self.stepMs / 1_000)) }

    private func level(of band: Int) -> UInt8 {
        let bins = size / 2 / Self.bands
        var power: Float = 0
        for bin in (band * bins)..<((band + 1) * bins) { power += magnitudes[bin] * magnitudes[bin] }
        let level = 10 * log10(power * scale + 1e-12)
        return UInt8(max(0, min(255, ((level + 96) / 96 * 255).rounded())))
    }
}
