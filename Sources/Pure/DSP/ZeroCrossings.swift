/// How often a signal changes its sign.
public enum ZeroCrossings {
    /// Samples within this of 0 count as zero, and zero counts as positive.
    public static let threshold: Float = 1e-10

    /// The share of neighbouring pairs whose sign differs.
    ///
    ///     (1/(N−1)) · Σ [x[n] < 0] ≠ [x[n−1] < 0],  n = 1…N−1
    ///
    /// - Parameter frame: shape `[N]`, `N ≥ 1`; samples of any scale.
    /// - Returns: 0…1; 0 of a single sample.
    /// - Complexity: O(N); allocates nothing.
    /// - Note: librosa's `zero_crossing_rate` divides the same count by N.
    public static func share(of frame: Span<Float>) -> Float {
        frame.withUnsafeBufferPointer { frame in
            guard let x = frame.baseAddress, frame.count > 1 else { return 0 }
            // Integers without overflow checks, no branch: this is vectorised.
            var crossings: Int32 = 0
            for n in 1..<frame.count {
                let here: Int32 = x[n] < -threshold ? 1 : 0
                let before: Int32 = x[n - 1] < -threshold ? 1 : 0
                crossings &+= here ^ before
            }
            return Float(crossings) / Float(frame.count - 1)
        }
    }
}
