/// The newest samples of a track, oldest first, preceded by zeros.
///
/// For features that need more than a row's own window.
public struct SampleHistory: Sendable {
    /// The number of samples kept.
    public let count: Int
    /// Shape `[count]`, the newest last.
    public private(set) var samples: [Float]

    /// Samples of at least this magnitude (nominal is 1) and not-a-number are stored as 0.
    static let limit: Float = 1_024

    /// - Parameter count: the number of samples to keep, at least 1.
    public init(count: Int) {
        precondition(count >= 1, "a history holds at least one sample")
        self.count = count
        samples = [Float](repeating: 0, count: count)
    }

    /// Appends the last `newest` samples of a frame.
    ///
    /// Invalid samples are stored as 0, so that one bad sample does not affect later rows.
    ///
    /// - Parameters:
    ///   - frame: shape `[N]`, linear samples, nominal range −1…1.
    ///   - newest: the number of new samples, at most N.
    /// - Complexity: O(count); allocates nothing.
    public mutating func append(_ frame: Span<Float>, newest: Int) {
        precondition(newest <= frame.count, "a frame of \(frame.count) samples cannot have \(newest) new ones")
        let added = min(newest, count)
        shift(by: added)
        let first = frame.count - added
        let offset = count - added
        samples.withUnsafeMutableBufferPointer { samples in
            for n in 0..<added {
                let sample = frame[first + n]
                samples[offset + n] = abs(sample) < Self.limit ? sample : 0
            }
        }
    }

    /// Appends silence.
    ///
    /// - Complexity: O(count); allocates nothing.
    public mutating func append(zeros: Int) {
        let added = min(zeros, count)
        shift(by: added)
        for n in count - added..<count { samples[n] = 0 }
    }

    private mutating func shift(by added: Int) {
        samples.withUnsafeMutableBufferPointer { samples in
            guard let base = samples.baseAddress else { return }
            // Safe: `added` is at most `count`; `update` copies as memmove does, so the two may overlap.
            base.update(from: base + added, count: count - added)
        }
    }
}
