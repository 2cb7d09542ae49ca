#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Levels of a frame, in dBFS: RMS 1.0 reads 0, as in ITU-T G.100.1 (dBov).
public enum Level {
    /// What silence reads, in dBFS.
    public static let floor: Float = -96

    /// The level of one frame.
    ///
    ///     L = 10·log₁₀( (1/N) · Σ x[n]² )
    ///
    /// - Parameters:
    ///   - frame: shape `[N]`, `N ≥ 1`; linear samples of one track, nominal range −1…1.
    ///   - floor: what silence reads, in dBFS.
    /// - Returns: dBFS, from `floor` up. A full-scale sine reads −3.01, a full-scale square wave 0.
    /// - Precondition: `frame` is not empty.
    /// - Complexity: O(N); allocates nothing.
    /// - Note: equals dBov of ITU-T G.100.1. For dBFS as in AES17 (sine = 0), add 3.01.
    public static func dBFS(of frame: Span<Float>, floor: Float = floor) -> Float {
        precondition(!frame.isEmpty, "a level needs at least one sample")
        return dB(power: sumOfSquares(frame) / Float(frame.count), floor: floor)
    }

    /// 10·log₁₀ of a power, from `floor` up; not-a-number reads `floor`.
    public static func dB(power: Float, floor: Float = floor) -> Float {
        guard power > 0 else { return floor }
        return max(floor, 10 * log10f(power))
    }

    /// The peak of one frame: 20·log₁₀(max |x|).
    ///
    /// - Parameters:
    ///   - frame: shape `[N]`, `N ≥ 1`; linear samples, nominal range −1…1, all finite.
    ///   - floor: what silence reads, in dBFS.
    /// - Returns: dBFS, from `floor` up. A full-scale sine reads 0.
    /// - Precondition: `frame` is not empty.
    /// - Complexity: O(N); allocates nothing.
    public static func peakDBFS(of frame: Span<Float>, floor: Float = floor) -> Float {
        let peak = peak(of: frame)
        return dB(power: peak * peak, floor: floor)
    }

    /// max |x|, 0 of nothing.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func peak(of frame: Span<Float>) -> Float {
        frame.withUnsafeBufferPointer { frame in
            guard let base = frame.baseAddress else { return 0 }
            // Magnitudes order as their bit patterns do, and a maximum of integers is vectorised.
            return base.withMemoryRebound(to: Int32.self, capacity: frame.count) { bits in
                var peak: Int32 = 0
                for n in 0..<frame.count { peak = max(peak, bits[n] & 0x7FFF_FFFF) }
                return Float(bitPattern: UInt32(bitPattern: peak))
            }
        }
    }

    /// Σ x[n]², eight partial sums.
    ///
    /// - Complexity: O(N); allocates nothing.
    public static func sumOfSquares(_ frame: Span<Float>) -> Float {
        frame.withUnsafeBufferPointer { frame in
            guard let base = frame.baseAddress else { return 0 }
            return Sums.squares(base, count: frame.count)
        }
    }
}
