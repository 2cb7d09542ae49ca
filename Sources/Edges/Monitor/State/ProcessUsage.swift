import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// CPU time and memory of this process.
final class ProcessUsage: Sendable {
    private struct State {
        var cpu: Double
        var at: ContinuousClock.Instant
        var percent = 0.0
    }

    private let state: Mutex<State>

    init() { state = Mutex(State(cpu: Self.cpuSeconds, at: .now)) }

    /// CPU time since the last measurement, at least a second ago, in percent of one core.
    var cpuPercent: Double {
        state.withLock { state in
            let now = ContinuousClock.now
            let passed = now - state.at
            guard passed >= .seconds(1) else { return state.percent }
            let cpu = Self.cpuSeconds
            state.percent = (cpu - state.cpu) / passed.seconds * 100
            state.cpu = cpu
            state.at = now
            return state.percent
        }
    }

    /// CPU time of the process so far. POSIX counts it in microseconds.
    static var cpuSeconds: Double { Double(clock()) / 1e6 }

    /// Resident memory in bytes; 0 if the system does not report it.
    static var residentBytes: Int {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(file, &buffer, buffer.count)
        guard count > 0 else { return 0 }
        let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
