/// A reading of a machine's monotonic clock, which nobody sets: the difference of two readings of one boot is a duration.
public struct UptimeReading: Sendable, Hashable {
    /// Since the machine started.
    public var seconds: Double
    /// Identifies the machine's start: readings of different boots are not comparable. Empty where it is not known.
    public var boot: String

    public init(seconds: Double, boot: String) {
        self.seconds = seconds
        self.boot = boot
    }
}
