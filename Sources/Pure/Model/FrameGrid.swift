/// The analysis grid of a track: row *i* covers samples `[i·hop, i·hop + window)`.
///
/// Only full windows yield rows (no padding, no centring), so a row is final when it appears.
public struct FrameGrid: Sendable, Hashable {
    /// Samples per second.
    public let sampleRate: Int
    /// Samples per row.
    public let window: Int
    /// Samples from the start of one row to the start of the next.
    public let hop: Int

    /// - Parameters:
    ///   - sampleRate: samples per second, above 0.
    ///   - windowMs: duration of a row, in milliseconds; rounded to the nearest sample, at least 1.
    ///   - hopMs: from one row to the next, in milliseconds; rounded to the nearest sample, at least 1.
    public init(sampleRate: Int, windowMs: Double = 25, hopMs: Double = 10) {
        precondition(sampleRate > 0 && windowMs > 0 && hopMs > 0, "rate, window and hop must be positive")
        self.sampleRate = sampleRate
        window = max(1, Int((Double(sampleRate) * windowMs / 1000).rounded()))
        hop = max(1, Int((Double(sampleRate) * hopMs / 1000).rounded()))
    }

    /// The first sample of a row.
    public func start(ofRow row: Int64) -> MediaTime {
        MediaTime(samples: row * Int64(hop), sampleRate: sampleRate)
    }

    /// One past the last sample of a row.
    public func end(ofRow row: Int64) -> MediaTime {
        MediaTime(samples: row * Int64(hop) + Int64(window), sampleRate: sampleRate)
    }

    /// The number of complete rows in `samples` samples.
    public func rows(in samples: Int64) -> Int64 {
        samples < Int64(window) ? 0 : (samples - Int64(window)) / Int64(hop) + 1
    }
}
