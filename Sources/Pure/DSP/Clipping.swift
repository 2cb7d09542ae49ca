import CVectorMath

/// Measures clipping.
public enum Clipping {
    /// The share of samples at or above a ceiling in runs of two or more: a single such sample may be a genuine peak.
    ///
    /// - Parameters:
    ///   - frame: shape `[N]`, `N ≥ 1`; linear samples, nominal range −1…1. Runs are counted within it.
    ///   - ceiling: the largest magnitude that the track's codec can represent, above 0; applies to both signs.
    /// - Returns: 0…1.
    /// - Complexity: O(N); allocates nothing.
    public static func share(of frame: Span<Float>, ceiling: Float) -> Float {
        frame.withUnsafeBufferPointer { frame in
            guard let x = frame.baseAddress, frame.count > 1 else { return 0 }
            return Float(vm_clipped(x, frame.count, ceiling)) / Float(frame.count)
        }
    }
}
