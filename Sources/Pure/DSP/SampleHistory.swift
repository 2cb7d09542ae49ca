/// The newest samples of a track, oldest first; zeros before its first.
///
/// For measures that look at more than a row's own window.
public struct SampleHistory: Sendable {
    /// How many samples are kept.
    public let count: Int
    /// Shape `[count]`, the newest last.
    public private(set) var samples: [Float]

    /// Samples from here up, in magnitude, are no audio (nominal is 1); they and not-a-number are kept as 0.
    static let limit: Float = 1_024

    /// - Parameter count: how many samples are kept, at least 1.
    public init(count: Int) {
        precondition(count >= 1, "a history holds at least one sample")
        self.count = count
        samples = [Float](repeating: 0, count: count)
    }

    /// Adds the last `newest` samples of a frame.
    ///
    /// What is not finite, or beyond any audio, counts as 0, so that one bad sample spoils no later row.
    ///
    /// - Parameters:
    ///   - frame: shape `[N]`, linear samples, nominal range −1…1.
    ///   - newest: how many of them are new, at most N.
    /// - Complexity: O(count); allocates nothing.
    public mutating func append(_ frame: Span<Float>, newest: Int) {
        precondition(newest <= frame.count, "a frame of \(frame.count) samples has no \(newest) new ones")
        let taken = min(newest, count)
        shift(by: taken)
        let first = frame.count - taken
        let place = count - taken
        samples.withUnsafeMutableBufferPointer { samples in
            for n in 0..<taken {
                let sample = frame[first + n]
                samples[place + n] = abs(sample) < Self.limit ? sample : 0
            }
        }
    }

    /// Adds silence.
    ///
    /// - Complexity: O(count); allocates nothing.
    public mutating func append(zeros: Int) {
        let taken = min(zeros, count)
        shift(by: taken)
        for n in count - taken..<count { samples[n] = 0 }
    }

    private mutating func shift(by taken: Int) {
        samples.withUnsafeMutableBufferPointer { samples in
            guard let base = samples.baseAddress else { return }
            // Safe: `taken` is at most `count`; `update` copies as memmove does, so the two may overlap.
            base.update(from: base + taken, count: count - taken)
        }
    }
}
