import CVectorMath

/// The zero-crossing rate of a signal.
public enum ZeroCrossings {
    /// Samples within this distance of 0 count as zero, and zero counts as positive.
    public static let threshold: Float = 1e-10

    /// The share of neighbouring pairs whose sign differs.
    ///
    ///     (1/(N−1)) · Σ [x[n] < 0] ≠ [x[n−1] < 0],  n = 1…N−1
    ///
    /// - Parameter frame: shape `[N]`, `N ≥ 1`; samples of any scale.
    /// - Returns: 0…1; 0 for a single sample.
    /// - Complexity: O(N); allocates nothing.
    /// - Note: librosa's `zero_crossing_rate` divides the same count by N.
    public static func share(of frame: Span<Float>) -> Float {
        frame.withUnsafeBufferPointer { frame in
            guard let x = frame.baseAddress, frame.count > 1 else { return 0 }
            return Float(vm_crossings(x, frame.count, threshold)) / Float(frame.count - 1)
        }
    }
}
