public import SidetoneModel

/// The clock shared by both tracks of a call, in steps of one hop.
///
/// A row represents one hop at the centre of its window, so step *k* covers the time
/// `[k·hop + (window − hop)/2, (k + 1)·hop + (window − hop)/2)`.
public struct CallClock: Sendable, Equatable {
    /// Seconds per step.
    public let hop: Double
    /// Seconds from the start of a row to the start of the hop that it represents.
    public let offset: Double

    /// - Parameters:
    ///   - windowMs: the window of both tracks' rows, in milliseconds.
    ///   - hopMs: their hop, in milliseconds, above 0.
    public init(windowMs: Double, hopMs: Double) {
        precondition(hopMs > 0, "a hop must be positive")
        hop = hopMs / 1000
        offset = max(0, windowMs - hopMs) / 2000
    }

    /// The start of a step, in seconds on the call clock.
    public func seconds(_ step: Int64) -> Double {
        // Rounded to microseconds, so that step 300 reads 3.0075 and not 3.0075000000000003.
        ((Double(step) * hop + offset) * 1e6).rounded() / 1e6
    }

    /// The smallest number of steps that last at least as long, at least 1.
    public func steps(ms: Int) -> Int64 { max(1, Int64((Double(ms) / 1000 / hop).rounded(.up))) }

    /// The duration of a number of steps in seconds.
    public func duration(_ steps: Int64) -> Double { (Double(steps) * hop * 1e6).rounded() / 1e6 }
}

/// Options for aligning both tracks.
public struct CallClockOptions: SignalOptions, Equatable {
    public var maxTrackSkewMs = 2_000

    /// The additional time that the signals wait for rows beyond the receiver's wait for packets: missing media has
    /// become silence by then, and its rows are on their way. Covers a slice of a gap, a packet and the look-ahead of
    /// rows.
    static let marginMs = 600

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "max_track_skew_ms", \.maxTrackSkewMs, in: 500...60_000,
            "Maximum lead of one track over the other, in milliseconds of media. The other track's missing media before that "
                + "is treated as silence, and its later packets are dropped.")
    ]
}
