package import SidetoneModel

/// Asks how soon a stream's signals are told: from the arrival of the packet that held the last sample of a signal's
/// evidence to when the sinks are handed the signal.
///
/// Signals that the stream's end tells are left out, and so are facts of the receiver such as `media.gap`.
package struct SignalTiming: Sendable {
    /// Seconds on the clock that counts the arrivals of messages.
    let now: @Sendable () -> Double
    let record: @Sendable (Signal, Double) -> Void

    /// - Parameters:
    ///   - now: seconds on the clock that counts the arrivals of messages.
    ///   - record: takes a signal and the seconds it took to be told.
    package init(
        now: @escaping @Sendable () -> Double, record: @escaping @Sendable (_ signal: Signal, _ seconds: Double) -> Void
    ) {
        self.now = now
        self.record = record
    }
}

/// How soon signals were told.
package struct SignalDelays: Sendable, Hashable {
    /// The signal that took longest: its name with its phase, and its milliseconds.
    package struct Worst: Sendable, Hashable {
        package var signal: String
        package var milliseconds: Double

        package init(signal: String, milliseconds: Double) {
            self.signal = signal
            self.milliseconds = milliseconds
        }
    }

    package private(set) var histogram = LatencyHistogram()
    package private(set) var worst: Worst?

    package init() {}

    package mutating func record(_ signal: Signal, seconds: Double) {
        histogram.record(nanoseconds: Int64(max(0, min(seconds, 1e6)) * 1e9))
        guard seconds * 1_000 > worst?.milliseconds ?? -.infinity else { return }
        let phase = signal.phase == .moment ? "" : ".\(signal.phase.rawValue)"
        worst = Worst(signal: signal.name + phase, milliseconds: seconds * 1_000)
    }
}
