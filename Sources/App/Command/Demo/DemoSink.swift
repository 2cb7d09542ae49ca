import SidetoneModel
import SidetonePipeline
import SidetoneTracks

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Prints one line of measurements per second, and collects the figures of the table at the end.
actor DemoSink: Sink {
    static let name = "demo"
    nonisolated var kinds: PipelineItem.Kinds { [.rows, .signals] }

    private struct Track {
        var level = -1
        var speech = -1
        var speechRows = 0
        var power = 0.0
        /// The latest complete second.
        var second = -1
        var secondPower = 0.0
        var secondRows = 0
        var spoke = false
        var lines: [Int: String] = [:]
    }

    private let say: @Sendable (String) -> Void
    private var tracks: [TrackRole: Track] = [:]
    private var printed = 0
    private var counts: [String: Int] = [:]
    private var summary: StreamSummary?
    private(set) var folder: String?

    init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    func write(_ items: [PipelineItem]) {
        for case .stream(let stream, let output) in items {
            switch output {
            case .opened: folder = stream.folder.joined(separator: "/")
            case .track(let info):
                tracks[info.role] = Track(
                    level: info.columns.firstIndex { $0.name == "level_dbfs" } ?? -1,
                    speech: info.columns.firstIndex { $0.name == "speech" } ?? -1)
            case .rows(let block): add(block)
            case .signal(let signal): if signal.phase != .ended { counts[signal.name, default: 0] += 1 }
            case .ended(let summary): self.summary = summary
            case .samples, .step, .message, .health: break
            }
        }
        printLines()
    }

    func close() {}

    private func add(_ block: RowBlock) {
        guard var track = tracks[block.track] else { return }
        let width = block.columns.count
        for row in 0..<block.count {
            let level = track.level >= 0 ? Double(block.values[row * width + track.level]) : -96
            let speaks = track.speech >= 0 && block.values[row * width + track.speech] == 1
            let power = pow(10, level / 10)
            track.power += power
            track.secondPower += power
            track.secondRows += 1
            if speaks {
                track.speechRows += 1
                track.spoke = true
            }
            let second = Int(block.grid.start(ofRow: block.firstRow + Int64(row) + 1).seconds)
            guard second > max(0, track.second) else { continue }
            track.second = second
            let mean = 10 * log10(max(1e-9, track.secondPower / Double(track.secondRows)))
            track.lines[second] = "\(block.track.rawValue) \(padded(mean)) dBFS \(track.spoke ? "speaks" : "      ")"
            track.secondPower = 0
            track.secondRows = 0
            track.spoke = false
        }
        tracks[block.track] = track
    }

    /// One line for every second that all tracks have reached.
    private func printLines() {
        guard !tracks.isEmpty else { return }
        while tracks.values.allSatisfy({ $0.second > printed }) {
            printed += 1
            let parts = TrackRole.allCases.compactMap { role -> String? in
                tracks[role]?.lines.removeValue(forKey: printed)
            }
            let second = printed < 10 ? "  \(printed)" : printed < 100 ? " \(printed)" : "\(printed)"
            say("\(second) s     \(parts.joined(separator: "     "))")
        }
    }

    private func padded(_ level: Double) -> String {
        let tenths = Int((level * 10).rounded())
        let text = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }

    func report() -> DemoCommand.Report {
        var report = DemoCommand.Report()
        for track in summary?.tracks ?? [] {
            let seen = tracks[track.role] ?? Track()
            let rows = max(1, track.rows)
            let seconds = Double(track.samples) / Double(track.sampleRate)
            report.tracks.append(
                DemoCommand.Track(
                    role: track.role.rawValue, seconds: seconds, rows: track.rows,
                    speechSeconds: Double(seen.speechRows) / Double(rows) * seconds,
                    levelDBFS: 10 * log10(max(1e-9, seen.power / Double(rows))), packets: track.counters.packets,
                    gaps: track.counters.gaps))
        }
        report.signals = counts.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
        return report
    }
}
