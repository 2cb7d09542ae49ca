#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What several features share of one frame, computed once: the windowed transform, its power and its magnitude.
///
/// X is the transform of the frame times a periodic Hann window, zero-padded to the next power of two.
/// One object a track; its arrays are overwritten by each frame.
public final class FrameSpectrum {
    /// Which quantities `analyze` computes; each includes what it is made from.
    public struct Needs: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// |X[k]|²
        public static let power = Needs(rawValue: 1)
        /// |X[k]|
        public static let magnitude = Needs(rawValue: 3)
    }

    /// Samples a frame.
    public let window: Int
    /// N, the transform's length: the next power of two from `window` up, at least 2.
    public let size: Int
    /// N/2 + 1.
    public let bins: Int
    /// Samples per second.
    public let sampleRate: Int
    /// Shape `[bins]`, full-scale sine on a bin: (window/4)².
    public private(set) var power: [Float]
    /// Shape `[bins]`.
    public private(set) var magnitude: [Float]

    private let needs: Needs
    private let fft: RealFFT
    private let weights: AlignedFloats

    /// - Parameters:
    ///   - window: samples a frame, at least 1.
    ///   - sampleRate: samples per second.
    ///   - needs: what the chosen features ask for; empty: `analyze` does nothing.
    public init(window: Int, sampleRate: Int, needs: Needs) {
        precondition(window >= 1, "a frame has at least one sample")
        self.window = window
        self.sampleRate = sampleRate
        self.needs = needs
        var size = 2
        while size < window { size *= 2 }
        self.size = size
        fft = RealFFT(size: size)
        bins = fft.bins
        power = [Float](repeating: 0, count: bins)
        magnitude = [Float](repeating: 0, count: bins)
        weights = AlignedFloats(count: window)
        for n in 0..<window {
            weights.base[n] = Float(0.5 - 0.5 * cos(2 * Double.pi * Double(n) / Double(window)))
        }
    }

    /// The frequency of a bin in Hz.
    public func frequency(ofBin bin: Int) -> Float { Float(bin) * Float(sampleRate) / Float(size) }

    /// Computes what is needed of one frame.
    ///
    /// - Parameter frame: shape `[window]`, linear samples, nominal range −1…1.
    /// - Complexity: O(N·log N); allocates nothing.
    public func analyze(_ frame: Span<Float>) {
        guard !needs.isEmpty else { return }
        precondition(frame.count == window, "a frame has \(window) samples")
        let input = fft.input.base
        let weights = weights.base
        for n in 0..<window { input[n] = frame[n] * weights[n] }
        fft.transform()
        let output = fft.output.base
        power.withUnsafeMutableBufferPointer { power in
            for k in power.indices {
                let re = output[2 * k]
                let im = output[2 * k + 1]
                power[k] = re * re + im * im
            }
        }
        guard needs.contains(.magnitude) else { return }
        for k in 0..<bins { magnitude[k] = power[k].squareRoot() }
    }
}
