import CVectorMath

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The power spectrum of a frame with Kaldi's preprocessing.
///
///     d[n] = s[n] − mean s,  s = 32768·x
///     y[n] = (d[n] − 0.97·d[n−1])·w[n],  d[−1] = d[0]
///     w[n] = (½ − ½·cos(2πn/(window−1)))^0.85
///
/// Povey et al., The Kaldi Speech Recognition Toolkit, ASRU 2011, and its documentation of features.
/// Not Sendable: it belongs to one track.
// Safe: all pointers are the bases of buffers that this object owns, with the counts that the loops run to.
final class EmphasizedSpectrum {
    /// Shape `[size/2 + 1]`.
    let power: AlignedFloats
    private let fft: RealFFT
    private let weights: AlignedFloats

    private static let emphasis: Float = 0.97

    init(window: Int, size: Int) {
        fft = RealFFT(size: size)
        power = AlignedFloats(count: fft.bins)
        let last = Double(max(1, window - 1))
        // The window includes the scale to 16-bit steps.
        weights = AlignedFloats(
            (0..<window).map { Float(32_768 * pow(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / last), 0.85)) })
    }

    func analyze(_ frame: Span<Float>) {
        let input = fft.input.base
        let weights = weights.base
        frame.withUnsafeBufferPointer { frame in
            guard let x = frame.baseAddress else { return }
            let mean = vm_sum(x, frame.count) / Float(frame.count)
            vm_emphasize(x, mean, Self.emphasis, weights, input, frame.count)
        }
        fft.transform()
        fft.power(into: power)
    }
}
