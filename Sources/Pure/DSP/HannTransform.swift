#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The magnitude of the Fourier transform of a stretch of samples under a periodic Hann window.
///
///     |X[k]| = | Σ x[n]·(½ − ½·cos(2πn/N))·e^(−2πi·k·n/N) |,  k = 0…N/2
///
/// One object per track: it owns the transform's buffers.
public final class HannTransform {
    /// N/2 + 1.
    public let bins: Int
    private let fft: RealFFT
    private let weights: [Float]

    /// - Parameter size: N, even, at least 2.
    public init(size: Int) {
        fft = RealFFT(size: size)
        bins = fft.bins
        weights = (0..<size).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size))) }
    }

    /// Writes `bins` magnitudes.
    ///
    /// - Parameters:
    ///   - samples: `samples[start ..< start + N]` are transformed.
    ///   - output: `output[offset ..< offset + bins]` receives the magnitudes; a full-scale sine on a bin reads N/4.
    /// - Complexity: O(N·log N); allocates nothing.
    public func magnitudes(of samples: [Float], from start: Int, into output: inout [Float], at offset: Int) {
        precondition(start >= 0 && start + weights.count <= samples.count, "the input is too short")
        precondition(offset >= 0 && offset + bins <= output.count, "the output is too short")
        let (input, pairs, bins) = (fft.input.base, fft.output.base, bins)
        samples.withUnsafeBufferPointer { samples in
            weights.withUnsafeBufferPointer { weights in
                for n in weights.indices { input[n] = samples[start + n] * weights[n] }
            }
        }
        fft.transform()
        output.withUnsafeMutableBufferPointer { output in
            for k in 0..<bins {
                let (re, im) = (pairs[2 * k], pairs[2 * k + 1])
                output[offset + k] = (re * re + im * im).squareRoot()
            }
        }
    }
}
