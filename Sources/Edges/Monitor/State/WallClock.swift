import Foundation

/// Wall-clock time: labels only, never a measure.
enum WallClock {
    /// Seconds since 1970.
    static let now: @Sendable () -> Double = { Date().timeIntervalSince1970 }
}
