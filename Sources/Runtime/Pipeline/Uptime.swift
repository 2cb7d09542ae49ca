import Glibc

/// The machine's monotonic clock, which nobody sets: all durations come from it, or from samples.
package enum Uptime {
    /// Seconds since the machine started, time asleep included; the same in every process.
    package static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
