import Foundation
import Glibc
package import SidetoneModel

/// The machine's monotonic clock, which is never set: all durations come from it, or from samples.
package enum Uptime {
    /// Seconds since the machine started, time asleep included; the same in every process.
    package static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The clock's reading, comparable with those of other processes of the same boot.
    package static var reading: UptimeReading { UptimeReading(seconds: seconds, boot: boot) }

    /// The first digits of the kernel's identifier of this boot: enough to tell the boots in one log apart.
    private static let boot = String(
        ((try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "").prefix(8))
}
