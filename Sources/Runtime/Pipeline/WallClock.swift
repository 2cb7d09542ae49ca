import Glibc

/// Wall-clock time: labels only, never a measure.
package enum WallClock {
    /// Seconds since 1970.
    package static let now: @Sendable () -> Double = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Seconds since 1970 as they were at the start, counted on by the monotonic clock: equal on every machine whose clock
/// is right, and never stepped.
package enum SteadyClock {
    private static let start = (wall: WallClock.now(), instant: ContinuousClock.now)

    package static let now: @Sendable () -> Double = {
        start.wall + (ContinuousClock.now - start.instant) / .seconds(1)
    }
}
