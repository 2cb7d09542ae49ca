import CVectorMath

/// Keeps invalid samples out of sums: a single not-a-number would invalidate every later value of a running sum.
package enum SampleCheck {
    /// The largest valid magnitude: 65,536, 96 dB above full scale. Squares and sums of a frame of
    /// such samples stay finite.
    package static let limit: Float = 65_536

    /// Whether every sample is a number of at most `limit`.
    ///
    /// - Complexity: O(N); allocates nothing.
    package static func holds(_ frame: Span<Float>) -> Bool {
        frame.withUnsafeBufferPointer { frame in
            guard let base = frame.baseAddress else { return true }
            return vm_within(base, frame.count, limit) != 0
        }
    }

    /// Whether every sample is zero.
    ///
    /// - Complexity: O(1) for sound, O(N) for silence; allocates nothing.
    package static func isSilent(_ frame: Span<Float>) -> Bool {
        for n in 0..<frame.count where frame[n] != 0 { return false }
        return true
    }

    /// Copies the frame, with 0 in place of invalid samples.
    ///
    /// - Parameter clean: shape `[N]`.
    /// - Complexity: O(N); allocates nothing.
    package static func clean(_ frame: Span<Float>, into clean: inout [Float]) {
        precondition(clean.count == frame.count, "the clean frame has the frame's length")
        for n in 0..<frame.count { clean[n] = abs(frame[n]) <= limit ? frame[n] : 0 }
    }
}
