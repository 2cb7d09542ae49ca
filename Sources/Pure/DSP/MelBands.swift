/// A bank of triangular filters over a power spectrum, evenly spaced on a mel scale, as one sparse pass.
///
///     B[m] = Σ w[m][k]·P[k]
///
/// Each band's weights are kept from its first bin on, in whole vectors of four; the rest of a vector weighs 0.
/// Not Sendable: it belongs to one track.
// Safe: `starts`, `blocks` and `weights` are made together in `init` and never change; a band's last vector ends within
// the zeros that follow an `AlignedFloats`, as its first three values at most lie past the last bin.
public final class MelBands {
    public let settings: MelSettings
    /// The first band without a bin, from 0: it would read silence for ever.
    public let firstEmptyBand: Int?
    private let bins: Int
    private let starts: [Int32]
    private let blocks: [Int32]
    private let weights: AlignedFloats

    /// - Parameters:
    ///   - settings: how many bands, by which convention.
    ///   - size: N, the transform's length.
    ///   - sampleRate: samples per second.
    public init(_ settings: MelSettings, size: Int, sampleRate: Int) {
        self.settings = settings
        bins = size / 2 + 1
        var starts: [Int32] = []
        var blocks: [Int32] = []
        var packed: [Float] = []
        var firstEmpty: Int?
        for (band, weights) in Self.filters(settings, size: size, sampleRate: sampleRate).enumerated() {
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? -1
            if last < 0, firstEmpty == nil { firstEmpty = band }
            let count = (max(0, last - first + 1) + 3) / 4
            starts.append(Int32(first))
            blocks.append(Int32(count))
            for bin in first..<first + 4 * count { packed.append(bin < bins ? weights[bin] : 0) }
        }
        self.starts = starts
        self.blocks = blocks
        self.weights = AlignedFloats(packed.isEmpty ? [0] : packed)
        firstEmptyBand = firstEmpty
    }

    /// Every filter's weight of every bin: shape `[bands][bins]`.
    static func filters(_ settings: MelSettings, size: Int, sampleRate: Int) -> [[Float]] {
        let scale: MelScale = settings.preset == .kaldi ? .logarithmic : .slaney
        let low = scale.mel(ofHz: settings.preset.lowHz)
        let step = (scale.mel(ofHz: Double(sampleRate) / 2) - low) / Double(settings.bands + 1)
        return (0..<settings.bands).map { band in
            let mels = (0...2).map { low + step * Double(band + $0) }
            let edges = mels.map { settings.preset == .kaldi ? $0 : scale.hz(ofMel: $0) }
            // Kaldi's triangles are straight over mel and have height 1, librosa's over Hz and have area 1.
            let height = settings.preset == .kaldi ? 1 : 2 / (edges[2] - edges[0])
            return (0...size / 2).map { bin in
                let hz = Double(bin) * Double(sampleRate) / Double(size)
                let place = settings.preset == .kaldi ? scale.mel(ofHz: hz) : hz
                let rise = (place - edges[0]) / (edges[1] - edges[0])
                let fall = (edges[2] - place) / (edges[2] - edges[1])
                // Below this a weight is the rounding of a bin that lies on an edge.
                let weight = min(rise, fall)
                return weight > 1e-9 ? Float(weight * height) : 0
            }
        }
    }

    /// Weighs a power spectrum.
    ///
    /// - Parameters:
    ///   - power: shape `[N/2 + 1]`.
    ///   - bands: shape `[bands]`.
    /// - Complexity: O(N); allocates nothing.
    public func apply(_ power: AlignedFloats, into bands: AlignedFloats) {
        precondition(power.count == bins && bands.count == settings.bands, "a bank fits one transform")
        var weight = UnsafeRawPointer(weights.base)
        let output = bands.base
        starts.withUnsafeBufferPointer { starts in
            blocks.withUnsafeBufferPointer { blocks in
                for band in 0..<settings.bands {
                    var input = UnsafeRawPointer(power.base + Int(starts[band]))
                    var sum = SIMD4<Float>.zero
                    for _ in 0..<blocks[band] {
                        sum += input.loadUnaligned(as: SIMD4<Float>.self) * weight.load(as: SIMD4<Float>.self)
                        input += 16
                        weight += 16
                    }
                    output[band] = sum.sum()
                }
            }
        }
    }
}
