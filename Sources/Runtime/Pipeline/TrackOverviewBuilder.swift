import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Sums a track's rows and samples up in steps of `TrackOverview.stepMs`.
///
/// A row belongs to the step in which it starts; one that is longer than a step also to those that start within its hop.
/// A step is complete once its samples and its rows came: the next row starts in a later one.
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
    /// The number of the first step that was not given yet.
    private var first: Int64 = 0
    private var sums: [Sum] = []
    /// The step that the next row starts in, and the one that the next sample is in.
    private var rowStep: Int64 = 0
    private var sampleStep: Int64 = 0

    /// - Parameter columns: of the rows; those that an overview shows are found by their names.
    init(role: TrackRole, grid: FrameGrid, columns: [Column]) {
        self.role = role
        self.grid = grid
        func index(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
        level = index("level_dbfs")
        peak = index("peak_dbfs")
        speech = index("speech")
        f0 = index("f0_hz")
    }

    /// Takes the next row, and gives the steps that it completes.
    ///
    /// - Parameter values: shape `[columns]`.
    mutating func add(row: Int64, values: Span<Float>, emit: (OverviewSample) -> Void) {
        let start = grid.start(ofRow: row).samples
        let number = step(of: start)
        let next = step(of: start + Int64(grid.hop))
        add(values, to: number)
        // Only rows that are longer than a step reach over one that they do not start in.
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
        let place = index(of: number)
        sums[place].rows += 1
        if let level { sums[place].power += pow(10, Double(values[level]) / 10) }
        if let peak { sums[place].peak = max(sums[place].peak, values[peak]) }
        if let speech, values[speech] == 1 { sums[place].speechRows += 1 }
        if let f0, !values[f0].isNaN {
            sums[place].f0 += Double(values[f0])
            sums[place].voicedRows += 1
        }
    }

    /// Takes the next samples, which come before the rows that look at them.
    mutating func add(_ samples: [Int16], first position: Int64) {
        var done = 0
        while done < samples.count {
            let sample = position + Int64(done)
            let number = step(of: sample)
            // One past the step's last sample: where a step is no whole number of samples, it ends within one.
            let next = ((number + 1) * Int64(grid.sampleRate * TrackOverview.stepMs) + 999) / 1_000
            let end = min(samples.count, done + Int(next - sample))
            if number >= first {
                var low: Int16 = 0
                var high: Int16 = 0
                for value in samples[done..<end] {
                    low = min(low, value)
                    high = max(high, value)
                }
                let place = index(of: number)
                sums[place].low = min(sums[place].low, low)
                sums[place].high = max(sums[place].high, high)
            }
            done = end
        }
        sampleStep = step(of: position + Int64(samples.count))
    }

    /// Takes a run of zero samples.
    mutating func add(silence count: Int64, first position: Int64) { sampleStep = step(of: position + count) }

    /// Takes a run of equal rows of silence. The steps that it covers as a whole are left out: a step that is missing is
    /// silence.
    mutating func add(rows: Range<Int64>, values: Span<Float>, emit: (OverviewSample) -> Void) {
        guard let last = rows.last else { return }
        let lastStep = step(of: grid.start(ofRow: last).samples)
        var row = rows.lowerBound
        while row < rows.upperBound {
            if sums.isEmpty, step(of: grid.start(ofRow: row).samples) < lastStep {
                first = lastStep
                // One past the last sample of the step before, in whole rows.
                let start = (lastStep * Int64(grid.sampleRate * TrackOverview.stepMs) + 999) / 1_000
                row = max(row, (start + Int64(grid.hop) - 1) / Int64(grid.hop))
                continue
            }
            add(row: row, values: values, emit: emit)
            row += 1
        }
    }

    /// Gives the steps that are left, also those that are not complete: the track is over.
    mutating func finish(_ emit: (OverviewSample) -> Void) { release(through: first + Int64(sums.count), emit: emit) }

    private mutating func release(through end: Int64, emit: (OverviewSample) -> Void) {
        let count = Int(min(Int64(sums.count), end - first))
        guard count > 0 else { return }
        for place in 0..<count { emit(step(first + Int64(place), sum: sums[place])) }
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

    /// The place of a step that was not given; it is there afterwards.
    private mutating func index(of step: Int64) -> Int {
        let place = Int(step - first)
        while sums.count <= place { sums.append(Sum()) }
        return place
    }
}
