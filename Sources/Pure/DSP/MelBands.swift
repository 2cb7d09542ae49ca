import CVectorMath

/// A bank of triangular filters over a power spectrum, evenly spaced on a mel scale, as one sparse pass.
///
///     B[m] = Σ w[m][k]·P[k]
///
/// Bands are summed in groups of four, each from its first bin, over as many four-value vectors as the widest of them
/// needs; surplus weights are 0. Not Sendable: it belongs to one track.
// Safe: `starts`, `blocks` and `weights` are made together in `init` and never change; every band's last vector ends
// within the zeros that follow an `AlignedFloats`, and so do the up to three values written past the last band.
package final class MelBands {
    package let settings: MelSettings
    /// The first band without a bin, from 0: it would always read silence.
    package let firstEmptyBand: Int?
    private let bins: Int
    private var starts: [Int32] = []
    private var blocks: [Int32] = []
    private let weights: AlignedFloats

    /// - Parameters:
    ///   - settings: the number of bands and their convention.
    ///   - size: N, the transform's length.
    ///   - sampleRate: samples per second.
    package init(_ settings: MelSettings, size: Int, sampleRate: Int) {
        self.settings = settings
        bins = size / 2 + 1
        let filters = Self.filters(settings, size: size, sampleRate: sampleRate)
        firstEmptyBand = filters.firstIndex { $0.allSatisfy { $0 == 0 } }
        let readable = size / 2 + 1 + AlignedFloats.padding
        var packed: [Float] = []
        for group in Swift.stride(from: 0, to: filters.count, by: 4) {
            let filters = (group..<group + 4).map { $0 < filters.count ? filters[$0] : [] }
            let ranges = filters.map { filter in
                let first = filter.firstIndex { $0 > 0 } ?? 0
                return first..<(filter.lastIndex { $0 > 0 } ?? first - 1) + 1
            }
            let count = ((ranges.map(\.count).max() ?? 0) + 3) / 4
            let firsts = ranges.map { min($0.lowerBound, readable - 4 * count) }
            starts += firsts.map(Int32.init)
            blocks.append(Int32(count))
            for block in 0..<count {
                for (filter, first) in zip(filters, firsts) {
                    for bin in first + 4 * block..<first + 4 * block + 4 {
                        packed.append(bin < filter.count ? filter[bin] : 0)
                    }
                }
            }
        }
        weights = AlignedFloats(packed.isEmpty ? [0] : packed)
    }

    /// Each filter's weight for each bin: shape `[bands][bins]`.
    static func filters(_ settings: MelSettings, size: Int, sampleRate: Int) -> [[Float]] {
        let scale: MelScale = settings.preset == .kaldi ? .logarithmic : .slaney
        let low = scale.mel(ofHz: settings.preset.lowHz)
        let step = (scale.mel(ofHz: Double(sampleRate) / 2) - low) / Double(settings.bands + 1)
        return (0..<settings.bands).map { band in
            let mels = (0...2).map { low + step * Double(band + $0) }
            let edges = mels.map { settings.preset == .kaldi ? $0 : scale.hz(ofMel: $0) }
            // Kaldi's triangles are linear in mel with height 1, librosa's linear in Hz with area 1.
            let height = settings.preset == .kaldi ? 1 : 2 / (edges[2] - edges[0])
            return (0...size / 2).map { bin in
                let hz = Double(bin) * Double(sampleRate) / Double(size)
                let position = settings.preset == .kaldi ? scale.mel(ofHz: hz) : hz
                let rise = (position - edges[0]) / (edges[1] - edges[0])
                let fall = (edges[2] - position) / (edges[2] - edges[1])
                // A smaller weight is the rounding error of a bin that lies on an edge.
                let weight = min(rise, fall)
                return weight > 1e-9 ? Float(weight * height) : 0
            }
        }
    }

    /// Applies the filters to a power spectrum.
    ///
    /// - Parameters:
    ///   - power: shape `[N/2 + 1]`.
    ///   - bands: shape `[bands]`.
    /// - Complexity: O(N); allocates nothing.
    package func apply(_ power: AlignedFloats, into bands: AlignedFloats) {
        precondition(power.count == bins && bands.count == settings.bands, "a bank fits one transform")
        starts.withUnsafeBufferPointer { starts in
            blocks.withUnsafeBufferPointer { blocks in
                vm_bands(power.base, starts.baseAddress, blocks.baseAddress, weights.base, bands.base, starts.count)
            }
        }
    }
}
