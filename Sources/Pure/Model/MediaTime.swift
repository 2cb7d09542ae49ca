/// A position on a track's timeline: samples since the call clock's zero, at the track's own rate.
///
/// The call clock's zero is the platform's timestamp 0 of the stream, so both tracks of a call share it.
public struct MediaTime: Sendable, Hashable, Comparable {
    /// Samples since the call clock's zero.
    public var samples: Int64
    /// Samples per second, above 0.
    public var sampleRate: Int

    public init(samples: Int64, sampleRate: Int) {
        precondition(sampleRate > 0, "a sample rate must be positive")
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// Seconds since the call clock's zero.
    public var seconds: Double { Double(samples) / Double(sampleRate) }

    public static func < (left: MediaTime, right: MediaTime) -> Bool {
        // The two tracks may differ in rate: compared exactly, as fractions.
        left.samples * Int64(right.sampleRate) < right.samples * Int64(left.sampleRate)
    }
}
