public import SidetoneModel

/// The clock that both tracks of a call share, in steps of one hop.
///
/// A row speaks for one hop at the centre of its window, so step *k* covers the time
/// `[k·hop + (window − hop)/2, (k + 1)·hop + (window − hop)/2)`.
public struct CallClock: Sendable, Equatable {
    /// Seconds from step to step.
    public let hop: Double
    /// Seconds from the start of a row to the start of the hop that it speaks for.
    public let offset: Double

    /// - Parameters:
    ///   - windowMs: the window of both tracks' rows, in milliseconds.
    ///   - hopMs: their hop, in milliseconds, above 0.
    public init(windowMs: Double, hopMs: Double) {
        precondition(hopMs > 0, "a clock's hop is above 0")
        hop = hopMs / 1000
        offset = max(0, windowMs - hopMs) / 2000
    }

    /// Where a step begins, in seconds on the call clock.
    public func seconds(_ step: Int64) -> Double {
        // A count of microseconds, so that step 300 reads 3.0075 and not 3.0075000000000003.
        ((Double(step) * hop + offset) * 1e6).rounded() / 1e6
    }

    /// How many steps last at least as long, at least 1.
    public func steps(ms: Int) -> Int64 { max(1, Int64((Double(ms) / 1000 / hop).rounded(.up))) }

    /// Seconds that a number of steps last.
    public func duration(_ steps: Int64) -> Double { (Double(steps) * hop * 1e6).rounded() / 1e6 }
}

/// How both tracks are brought together.
public struct CallClockOptions: SignalOptions, Equatable {
    public var maxTrackSkewMs = 2_000

    /// How much longer the signals wait for rows than the receiver waits for packets: what a track lacks is silence by then,
    /// and its rows are on their way. Covers a slice of a gap, a packet and what rows look ahead.
    static let marginMs = 600

    public init() {}

    public static let fields: [Setting<Self>] = [
        Setting(
            "max_track_skew_ms", \.maxTrackSkewMs, in: 500...60_000,
            "How far one track may lead the other, in milliseconds of media. What the other track lacks before that is silence, "
                + "and its packets that come later are left out.")
    ]
}
