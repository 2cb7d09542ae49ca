import SidetoneModel

@testable import SidetoneAnalysis

/// Runs the samples of both tracks through everything of the pure layer: frames, rows, facts, signals.
struct AnalyzedCall {
    /// Samples of a track, and their rate.
    struct Track {
        var samples: [Float]
        var rate = 8_000
    }

    var settings = AnalysisSettings()
    var inbound: Track?
    var outbound: Track?

    /// Seconds of the longer track.
    var length: Double {
        [inbound, outbound].compactMap { $0.map { Double($0.samples.count) / Double($0.rate) } }.max() ?? 0
    }

    /// What became known, and the rows of each track by column.
    struct Result {
        var signals: [Signal] = []
        var rows: [TrackRole: [String: [Float]]] = [:]
        var totals = CallTotals()
    }

    /// - Parameter gaps: what the receiver reports, before everything else.
    func run(gaps: [Signal] = []) throws -> Result {
        var result = Result()
        var call = CallSignals(settings: settings)
        var feeds: [(role: TrackRole, feed: Feed)] = []
        for (role, track) in [(TrackRole.inbound, inbound), (.outbound, outbound)] {
            guard let track else { continue }
            let feed = try Feed(track, settings)
            try call.open(role, grid: feed.grid, columns: feed.columns)
            feeds.append((role, feed))
        }
        for gap in gaps { call.handle(gap) }
        // Side by side, 100 ms at a time.
        var seconds = 0.0
        while feeds.contains(where: { !$0.feed.isOver }) {
            seconds += 0.1
            for (role, feed) in feeds where !feed.isOver {
                feed.advance(to: seconds) { row, values in
                    for (index, column) in feed.columns.enumerated() {
                        result.rows[role, default: [:]][column.name, default: []].append(values[index])
                    }
                    call.process(role, row: row, values: values) { result.signals.append($0) }
                } found: {
                    call.process(role, fact: $0)
                }
                if feed.isOver { call.end(role) { result.signals.append($0) } }
            }
        }
        result.totals = call.totals
        return result
    }

    func signals(_ name: String) throws -> [Signal] { try run().signals.filter { $0.name == name } }

    private final class Feed {
        let grid: FrameGrid
        let columns: [Column]
        private var measure: FeatureExtractor
        private let track: Track
        private var row = 0
        private(set) var isOver = false

        init(_ track: Track, _ settings: AnalysisSettings) throws {
            self.track = track
            grid = settings.grid(sampleRate: track.rate)
            measure = try FeatureExtractor(
                grid: grid, features: CallSignals.features(for: settings), settings: settings)
            columns = measure.columns
        }

        func advance(to seconds: Double, emit: (Int64, Span<Float>) -> Void, found: (TrackFact) -> Void) {
            let end = min(track.samples.count, Int(seconds * Double(track.rate)))
            while row * grid.hop + grid.window <= end {
                let start = row * grid.hop
                let frame = Array(track.samples[start..<start + grid.window])
                measure.process(frame.span, emit: emit)
                measure.drainFacts(found)
                row += 1
            }
            guard end == track.samples.count else { return }
            measure.finish(rest: Array(track.samples[min(end, row * grid.hop)..<end]), emit)
            measure.drainFacts(found)
            isOver = true
        }
    }
}
