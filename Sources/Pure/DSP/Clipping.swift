/// How much of a signal is cut off at the top.
public enum Clipping {
    /// The share of samples at or above a ceiling in runs of two or more: a single sample there may be a true peak.
    ///
    /// - Parameters:
    ///   - frame: shape `[N]`, `N ≥ 1`; linear samples, nominal range −1…1. Runs are counted within it.
    ///   - ceiling: the greatest magnitude that the track's codec gives, above 0; both signs count.
    /// - Returns: 0…1.
    /// - Complexity: O(N); allocates nothing.
    public static func share(of frame: Span<Float>, ceiling: Float) -> Float {
        let count = frame.count
        guard count > 1 else { return 0 }
        var clipped = 0
        var run = 0
        for n in 0..<count {
            if abs(frame[n]) >= ceiling {
                run += 1
                // The second of a run brings the first with it.
                clipped += run == 2 ? 2 : run > 2 ? 1 : 0
            } else {
                run = 0
            }
        }
        return Float(clipped) / Float(count)
    }
}
