import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Aggregates a track's rows and samples in steps of `TrackOverview.stepMs`.
///
/// A row belongs to the step in which it starts; a row longer than a step also belongs to those that start within its
/// hop. A step is complete once its samples and its rows are available: the next row starts in a later one.
struct TrackOverviewBuilder {
    private struct Sum {
        var power = 0.0
        var peak: Float = -96
        var rows = 0
        var speechRows = 0
        var f0 = 0.0
        var voicedRows = 0
        var low: Int16 = 0
        var high: Int16 = 0
    }

    private let role: TrackRole
    private let grid: FrameGrid
    private let level: Int?
    private let peak: Int?
    private let speech: Int?
    private let f0: Int?
    /// The index of the first step not emitted yet.
    private var first: Int64 = 0
    private var sums: [Sum] = []
    /// The step in which the next row starts, and the one of the next sample.
    private var rowStep: Int64 = 0
    private var sampleStep: Int64 = 0

    /// - Parameter columns: the columns of the rows; those of the overview are found by name.
    init(role: TrackRole, grid: FrameGrid, columns: [Column]) {
        self.role = role
        self.grid = grid
        func index(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
        level = index("level_dbfs")
        peak = index("peak_dbfs")
        speech = index("speech")
        f0 = index("f0_hz")
    }

    /// Adds the next row and emits the steps that it completes.
    ///
    /// - Parameter values: shape `[columns]`.
    mutating func add(row: Int64, values: Span<Float>, emit: (OverviewSample) -> Void) {
        let start = grid.start(ofRow: row).samples
        let number = step(of: start)
        let next = step(of: start + Int64(grid.hop))
        add(values, to: number)
        // Only rows longer than a step extend over one in which they do not start.
        var covered = number + 1
        while covered < next {
            add(values, to: covered)
            covered += 1
        }
        rowStep = next
        release(through: min(rowStep, sampleStep), emit: emit)
    }

    private mutating func add(_ values: Span<Float>, to number: Int64) {
        guard number >= first else { return }
        let slot = index(of: number)
        sums[slot].rows += 1
        if let level { sums[slot].power += pow(10, Double(values[level]) / 10) }
        if let peak { sums[slot].peak = max(sums[slot].peak, values[peak]) }
        if let speech, values[speech] == 1 { sums[slot].speechRows += 1 }
        if let f0, !values[f0].isNaN {
            sums[slot].f0 += Double(values[f0])
            sums[slot].voicedRows += 1
        }
    }

    /// Adds the next samples, which precede the rows that cover them.
    mutating func add(_ samples: [Int16], first position: Int64) {
        var done = 0
        while done < samples.count {
            let sample = position + Int64(done)
            let number = step(of: sample)
            // One past the step's last sample: if a step is not a whole number of samples, it ends within one.
            let next = ((number + 1) * Int64(grid.sampleRate * TrackOverview.stepMs) + 999) / 1_000
            let end = min(samples.count, done + Int(next - sample))
            if number >= first {
                var low: Int16 = 0
                var high: Int16 = 0
                for value in samples[done..<end] {
                    low = min(low, value)
                    high = max(high, value)
                }
                let slot = index(of: number)
                sums[slot].low = min(sums[slot].low, low)
                sums[slot].high = max(sums[slot].high, high)
            }
            done = end
        }
        sampleStep = step(of: position + Int64(samples.count))
    }

    /// Adds a run of zero samples.
    mutating func add(silence count: Int64, first position: Int64) { sampleStep = step(of: position + count) }

    /// Adds a run of equal silent rows. The steps that it covers completely are omitted: a missing step is silence.
    mutating func add(rows: Range<Int64>, values: Span<Float>, emit: (OverviewSample) -> Void) {
        guard let last = rows.last else { return }
        let lastStep = step(of: grid.start(ofRow: last).samples)
        var row = rows.lowerBound
        while row < rows.upperBound {
            if sums.isEmpty, step(of: grid.start(ofRow: row).samples) < lastStep {
                first = lastStep
                // One past the last sample of the previous step, in whole rows.
                let start = (lastStep * Int64(grid.sampleRate * TrackOverview.stepMs) + 999) / 1_000
                row = max(row, (start + Int64(grid.hop) - 1) / Int64(grid.hop))
                continue
            }
            add(row: row, values: values, emit: emit)
            row += 1
        }
    }

    /// Emits the remaining steps, including incomplete ones, at the end of the track.
    mutating func finish(_ emit: (OverviewSample) -> Void) { release(through: first + Int64(sums.count), emit: emit) }

    private mutating func release(through end: Int64, emit: (OverviewSample) -> Void) {
        let count = Int(min(Int64(sums.count), end - first))
        guard count > 0 else { return }
        for slot in 0..<count { emit(step(first + Int64(slot), sum: sums[slot])) }
        sums.removeFirst(count)
        first += Int64(count)
    }

    private func step(_ number: Int64, sum: Sum) -> OverviewSample {
        var step = OverviewSample(track: role, number: number)
        let rows = max(1, sum.rows)
        step.levelDBFS = max(-96, Float(10 * log10(max(1e-10, sum.power / Double(rows)))))
        step.peakDBFS = sum.peak
        step.speech = sum.speechRows * 2 > rows
        if sum.voicedRows > 0 { step.f0Hz = Float(sum.f0 / Double(sum.voicedRows)) }
        step.waveMin = Float(sum.low) / 32_768
        step.waveMax = Float(sum.high) / 32_768
        return step
    }

    private func step(of sample: Int64) -> Int64 {
        sample * 1_000 / Int64(grid.sampleRate * TrackOverview.stepMs)
    }

    /// The index of a step that was not emitted; creates it if necessary.
    private mutating func index(of step: Int64) -> Int {
        let slot = Int(step - first)
        while sums.count <= slot { sums.append(Sum()) }
        return slot
    }
}
