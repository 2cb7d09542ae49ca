#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Wall-clock time: labels only, never a measure.
enum WallClock {
    /// Seconds since 1970.
    static let now: @Sendable () -> Double = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
