import CVectorMath

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Levels of a frame, in dBFS: RMS 1.0 reads 0, as in ITU-T G.100.1 (dBov).
public enum Level {
    /// The value for silence, in dBFS.
    public static let floor: Float = -96

    /// The level of one frame.
    ///
    ///     L = 10·log₁₀( (1/N) · Σ x[n]² )
    ///
    /// - Parameters:
    ///   - frame: shape `[N]`, `N ≥ 1`; linear samples of one track, nominal range −1…1.
    ///   - floor: the value for silence, in dBFS.
    /// - Returns: dBFS, at least `floor`. A full-scale sine reads −3.01, a full-scale square wave 0.
    /// - Precondition: `frame` is not empty.
    /// - Complexity: O(N); allocates nothing.
    /// - Note: equals dBov of ITU-T G.100.1. For dBFS as in AES17 (sine = 0), add 3.01.
    public static func dBFS(of frame: Span<Float>, floor: Float = floor) -> Float {
        precondition(!frame.isEmpty, "a level needs at least one sample")
        return dB(power: sumOfSquares(frame) / Float(frame.count), floor: floor)
    }

    /// 10·log₁₀ of a power, at least `floor`; not-a-number reads `floor`.
    public static func dB(power: Float, floor: Float = floor) -> Float {
        guard power > 0 else { return floor }
        return max(floor, NaturalLog.decibels * logf(power))
    }

    /// The mean and the maximum of a frame's squares, in one pass: with `dB(power:)`, its level and its peak.
    ///
    /// - Parameter frame: shape `[N]`, `N ≥ 1`; linear samples, all finite.
    /// - Returns: both at least 0; ½ and 1 for a full-scale sine.
    /// - Precondition: `frame` is not empty.
    /// - Complexity: O(N); allocates nothing.
    public static func powers(of frame: Span<Float>) -> (mean: Float, peak: Float) {
        precondition(!frame.isEmpty, "a level needs at least one sample")
        return frame.withUnsafeBufferPointer { frame in
            guard let base = frame.baseAddress else { return (0, 0) }
            var sum: Float = 0
            var peak: Float = 0
            vm_squares(base, frame.count, &sum, &peak)
            return (sum / Float(frame.count), peak)
        }
    }

    /// Σ x[n]², sixteen partial sums.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func sumOfSquares(_ frame: Span<Float>) -> Float {
        frame.withUnsafeBufferPointer { frame in
            guard let base = frame.baseAddress else { return 0 }
            var sum: Float = 0
            var peak: Float = 0
            vm_squares(base, frame.count, &sum, &peak)
            return sum
        }
    }
}
