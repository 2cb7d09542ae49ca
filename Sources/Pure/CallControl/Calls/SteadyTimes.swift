import SidetoneModel

/// The entries of a call on a time scale that is unaffected by steps of the wall clock. Entries with monotonic times of
/// one boot keep their distances; the wall-clock time of the first one is their origin. Others keep their wall-clock
/// times.
struct SteadyTimes {
    /// In chronological order.
    let entries: [CallLogEntry]
    /// The offset of monotonic times, by boot.
    private let offsets: [String: Double]

    init(_ entries: [CallLogEntry]) {
        var first: [String: (uptime: Double, offset: Double)] = [:]
        for entry in entries {
            guard let reading = entry.uptime, reading.seconds < first[reading.boot]?.uptime ?? .infinity else {
                continue
            }
            first[reading.boot] = (reading.seconds, entry.time - reading.seconds)
        }
        let offsets = first.mapValues(\.offset)
        self.offsets = offsets
        self.entries = entries.map { entry in
            var entry = entry
            if let reading = entry.uptime, let offset = offsets[reading.boot] { entry.time = reading.seconds + offset }
            return entry
        }
        .sorted { $0.time < $1.time }
    }

    /// The position of a monotonic time on the scale; nil for an unknown boot.
    func time(of reading: UptimeReading?) -> Double? {
        reading.flatMap { reading in offsets[reading.boot].map { reading.seconds + $0 } }
    }
}
