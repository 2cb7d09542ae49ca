package import SidetoneModel

/// Measures the reporting delay of a stream's signals: from the arrival of the packet with the sample that makes a
/// signal decidable to the time when the sinks receive the signal.
///
/// Signals caused by the stream's end are excluded, and so are the receiver's own, such as `media.gap`.
package struct SignalTiming: Sendable {
    /// Seconds on the clock of message arrivals.
    let now: @Sendable () -> Double
    let record: @Sendable (Signal, Double) -> Void

    /// - Parameters:
    ///   - now: seconds on the clock of message arrivals.
    ///   - record: receives a signal and its delay in seconds.
    package init(
        now: @escaping @Sendable () -> Double, record: @escaping @Sendable (_ signal: Signal, _ seconds: Double) -> Void
    ) {
        self.now = now
        self.record = record
    }
}

/// The reporting delays of signals.
package struct SignalDelays: Sendable, Hashable {
    /// The signal with the longest delay: its name with its phase, and the delay in milliseconds.
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
