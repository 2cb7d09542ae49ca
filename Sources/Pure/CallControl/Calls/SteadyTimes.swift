import SidetoneModel

/// The entries of a call on a time scale that no step of the wall clock bends.
///
/// Entries that read the monotonic clock of one boot keep the distances of those readings; the wall-clock time of the first
/// of them anchors all. Others keep their wall-clock times.
struct SteadyTimes {
    /// In the order of their times.
    let entries: [CallLogEntry]
    /// What is added to a reading, by its boot.
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

    /// Where a reading lies on the scale; nil for one of a boot that no entry belongs to.
    func time(of reading: UptimeReading?) -> Double? {
        reading.flatMap { reading in offsets[reading.boot].map { reading.seconds + $0 } }
    }
}
