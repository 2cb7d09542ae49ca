public import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Sums a track's rows and samples up in steps of `TrackOverview.stepMs`.
///
/// A row belongs to the step in which it starts. A step is complete once a row of a later one came.
public struct TrackOverviewBuilder: Sendable {
    private struct Step {
        var power = 0.0
        var peak: Float = -96
        var rows = 0
        var speechRows = 0
        var f0 = 0.0
        var voicedRows = 0
        var low: Float = 0
        var high: Float = 0
    }

    private let role: TrackRole
    private let level: Int?
    private let peak: Int?
    private let speech: Int?
    private let f0: Int?
    /// The number of the first step that was not taken yet.
    private var first: Int64 = 0
    private var steps: [Step] = []
    /// Steps that no row will reach any more.
    private var complete = 0

    public init(_ track: TrackInfo) {
        role = track.role
        func place(_ name: String) -> Int? { track.columns.firstIndex { $0.name == name } }
        level = place("level_dbfs")
        peak = place("peak_dbfs")
        speech = place("speech")
        f0 = place("f0_hz")
    }

    public mutating func add(_ block: RowBlock) {
        let width = block.columns.count
        guard width > 0 else { return }
        for row in 0..<block.count {
            let values = block.values[(row * width)..<((row + 1) * width)]
            func value(_ place: Int?) -> Float? { place.map { values[values.startIndex + $0] } }
            let start = block.grid.start(ofRow: block.firstRow + Int64(row))
            guard let n = index(of: start) else { continue }
            complete = max(complete, n)
            steps[n].rows += 1
            if let level = value(level) { steps[n].power += pow(10, Double(level) / 10) }
            if let peak = value(peak) { steps[n].peak = max(steps[n].peak, peak) }
            if value(speech) == 1 { steps[n].speechRows += 1 }
            if let f0 = value(f0), !f0.isNaN {
                steps[n].f0 += Double(f0)
                steps[n].voicedRows += 1
            }
        }
    }

    public mutating func add(_ block: SampleBlock) {
        var sample = block.firstSample
        for value in block.samples {
            let n = index(of: MediaTime(samples: sample, sampleRate: block.sampleRate))
            sample += 1
            guard let n else { continue }
            let level = Float(value) / 32_768
            steps[n].low = min(steps[n].low, level)
            steps[n].high = max(steps[n].high, level)
        }
    }

    /// The steps that became complete since the last call; nil when there is none.
    public mutating func take() -> TrackOverview? {
        guard complete > 0 else { return nil }
        return takeFirst(complete)
    }

    /// The steps that are left, also those that are not complete: the track is over.
    public mutating func finish() -> TrackOverview? { steps.isEmpty ? nil : takeFirst(steps.count) }

    private mutating func takeFirst(_ count: Int) -> TrackOverview {
        var overview = TrackOverview(role: role, first: first)
        for step in steps[..<count] {
            let rows = max(1, step.rows)
            overview.levelDBFS.append(Float(10 * log10(max(2.5e-10, step.power / Double(rows)))))
            overview.peakDBFS.append(step.peak)
            overview.speech.append(step.speechRows * 2 > rows)
            overview.f0Hz.append(step.voicedRows > 0 ? Float(step.f0 / Double(step.voicedRows)) : .nan)
            overview.waveMin.append(step.low)
            overview.waveMax.append(step.high)
        }
        steps.removeFirst(count)
        first += Int64(count)
        complete = 0
        return overview
    }

    /// The place of the step of a moment; nil when that step was taken already.
    private mutating func index(of time: MediaTime) -> Int? {
        let number = Int64(time.samples * 1_000 / Int64(time.sampleRate * TrackOverview.stepMs))
        guard number >= first else { return nil }
        let place = Int(number - first)
        while steps.count <= place { steps.append(Step()) }
        return place
    }
}
