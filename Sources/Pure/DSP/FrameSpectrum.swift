import CVectorMath

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The spectrum that several features share, computed once per frame: the windowed transform, its power, magnitude and
/// logarithm.
///
/// X is the transform of the frame times a periodic Hann window, zero-padded to the next power of two.
/// The mel bands of the `kaldi` preset come from a transform of their own, with Kaldi's window and pre-emphasis.
/// The arrays are overwritten by each frame and carry no state, so the tracks of a thread share one instance.
// Safe: all pointers are the bases of buffers that this object owns, with the counts that the loops run to.
public final class FrameSpectrum {
    /// The quantities that `analyze` computes; each includes those it is derived from.
    public struct Needs: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// |X[k]|²
        public static let power = Needs(rawValue: 1)
        /// |X[k]|
        public static let magnitude = Needs(rawValue: 3)
        /// ln |X[k]|²
        public static let logPower = Needs(rawValue: 5)
        /// The logarithm of the mel bands, according to the preset.
        public static let logMel = Needs(rawValue: 8)
    }

    /// The value of silence in `logPower`, before the logarithm: 1e-10, −100 dB.
    public static let powerFloor: Float = 1e-10

    /// Samples per frame.
    public let window: Int
    /// N, the transform's length: the next power of two from `window` up, at least 2.
    public let size: Int
    /// N/2 + 1.
    public let bins: Int
    /// Samples per second.
    public let sampleRate: Int
    /// Shape `[bins]`, full-scale sine on a bin: (window/4)².
    public let power: AlignedFloats
    /// Shape `[bins]`.
    public let magnitude: AlignedFloats
    /// Shape `[bins]`: ln(max(power, `powerFloor`)).
    public let logPower: AlignedFloats
    /// Shape `[bands]`: the logarithm of the mel-weighted power.
    public let logMel: AlignedFloats

    private let mel: MelBands?
    private let emphasized: EmphasizedSpectrum?
    private let needs: Needs
    private let fft: RealFFT
    private let weights: AlignedFloats

    /// - Parameters:
    ///   - window: samples per frame, at least 1.
    ///   - sampleRate: samples per second.
    ///   - needs: what the chosen features require; if empty, `analyze` does nothing.
    ///   - mel: the bands that `logMel` holds.
    public init(window: Int, sampleRate: Int, needs: Needs, mel: MelSettings = MelSettings()) {
        precondition(window >= 1, "a frame has at least one sample")
        self.window = window
        self.sampleRate = sampleRate
        self.needs = needs.contains(.logMel) && mel.preset == .librosa ? needs.union(.power) : needs
        size = Self.transformSize(window: window)
        fft = RealFFT(size: size)
        bins = fft.bins
        power = AlignedFloats(count: bins)
        magnitude = AlignedFloats(count: bins)
        logPower = AlignedFloats(count: bins)
        logMel = AlignedFloats(count: mel.bands)
        let bands = needs.contains(.logMel) ? MelBands(mel, size: size, sampleRate: sampleRate) : nil
        self.mel = bands
        emphasized = bands?.settings.preset == .kaldi ? EmphasizedSpectrum(window: window, size: size) : nil
        weights = AlignedFloats(
            (0..<window).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(window))) })
    }

    /// The spectrum shared by all tracks of a thread that have the same frames.
    public static func shared(
        window: Int, sampleRate: Int, needs: Needs, mel: MelSettings = MelSettings()
    ) -> ThreadScratch<FrameSpectrum> {
        ThreadScratch(layout: [window, sampleRate, needs.rawValue, mel.preset == .kaldi ? 0 : 1, mel.bands]) {
            FrameSpectrum(window: window, sampleRate: sampleRate, needs: needs, mel: mel)
        }
    }

    /// The next power of two from a window up, at least 2.
    public static func transformSize(window: Int) -> Int {
        var size = 2
        while size < window { size *= 2 }
        return size
    }

    /// The frequency of a bin in Hz.
    public func frequency(ofBin bin: Int) -> Float { Float(bin) * Float(sampleRate) / Float(size) }

    /// Computes the required quantities of one frame.
    ///
    /// - Parameter frame: shape `[window]`, linear samples, nominal range −1…1.
    /// - Complexity: O(N·log N); allocates nothing.
    public func analyze(_ frame: Span<Float>) {
        guard !needs.isEmpty else { return }
        precondition(frame.count == window, "a frame has \(window) samples")
        if needs.contains(.power) { findPower(frame) }
        if needs.contains(.magnitude) { findMagnitude() }
        if needs.contains(.logPower) {
            NaturalLog.apply(power.base, into: logPower.base, count: bins, floor: Self.powerFloor)
        }
        if let mel { findMel(frame, mel: mel) }
    }

    private func findPower(_ frame: Span<Float>) {
        let input = fft.input.base
        let weights = weights.base
        frame.withUnsafeBufferPointer { frame in
            guard let x = frame.baseAddress else { return }
            vm_multiply(x, weights, input, frame.count)
        }
        fft.transform()
        fft.power(into: power)
    }

    private func findMel(_ frame: Span<Float>, mel: MelBands) {
        emphasized?.analyze(frame)
        mel.apply(emphasized?.power ?? power, into: logMel)
        let preset = mel.settings.preset
        NaturalLog.apply(
            logMel.base, into: logMel.base, count: logMel.count, floor: preset.floor, scale: preset.logScale)
    }

    private func findMagnitude() {
        vm_square_roots(power.base, magnitude.base, bins)
    }
}
