public import SidetoneModel

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Sums a track's rows and samples up in steps of `TrackOverview.stepMs`.
///
/// A row belongs to the step in which it starts; one that is longer than a step also to those that start within its hop.
/// A step is complete once rows and samples of later ones came. Where only one kind comes, or the other stays behind,
/// nobody waits for it longer than `patience` steps.
public struct TrackOverviewBuilder: Sendable {
    private struct Step {
        var power = 0.0
        var peak: Float = -96
        var rows = 0
        var speechRows = 0
        var f0 = 0.0
        var voicedRows = 0
        var low: Int16 = 0
        var high: Int16 = 0
    }

    /// Steps that one kind may stay behind the other, 2 s: blocks are made of 200 ms, and a packet may hold a second, whose
    /// samples all come before its rows.
    private static let patience: Int64 = 20

    private let role: TrackRole
    private let level: Int?
    private let peak: Int?
    private let speech: Int?
    private let f0: Int?
    /// The number of the first step that was not taken yet.
    private var first: Int64 = 0
    private var steps: [Step] = []
    /// The number of the newest row's step, and of the step that the next sample is in; nil before the first.
    private var rowStep: Int64?
    private var sampleStep: Int64?

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
        let rate = block.grid.sampleRate
        for row in 0..<block.count {
            let start = block.grid.start(ofRow: block.firstRow + Int64(row)).samples
            let number = Self.step(of: start, rate)
            let isLong = block.grid.hop * 1_000 > rate * TrackOverview.stepMs
            let last = isLong ? Self.step(of: start + Int64(block.grid.hop) - 1, rate) : number
            for step in number...last where step >= first {
                let place = place(of: step)
                add(block.values, at: row * width, to: &steps[place])
            }
            rowStep = max(rowStep ?? 0, last)
        }
    }

    private func add(_ values: [Float], at offset: Int, to step: inout Step) {
        step.rows += 1
        if let level { step.power += pow(10, Double(values[offset + level]) / 10) }
        if let peak { step.peak = max(step.peak, values[offset + peak]) }
        if let speech, values[offset + speech] == 1 { step.speechRows += 1 }
        if let f0, !values[offset + f0].isNaN {
            step.f0 += Double(values[offset + f0])
            step.voicedRows += 1
        }
    }

    public mutating func add(_ block: SampleBlock) {
        let rate = block.sampleRate
        var done = 0
        while done < block.samples.count {
            let sample = block.firstSample + Int64(done)
            let number = Self.step(of: sample, rate)
            // One past the step's last sample: where a step is no whole number of samples, it ends within one.
            let next = ((number + 1) * Int64(rate * TrackOverview.stepMs) + 999) / 1_000
            let end = min(block.samples.count, done + Int(next - sample))
            if number >= first {
                var low: Int16 = 0
                var high: Int16 = 0
                for value in block.samples[done..<end] {
                    low = min(low, value)
                    high = max(high, value)
                }
                let place = place(of: number)
                steps[place].low = min(steps[place].low, low)
                steps[place].high = max(steps[place].high, high)
            }
            done = end
        }
        let next = Self.step(of: block.firstSample + Int64(block.samples.count), rate)
        sampleStep = max(sampleStep ?? 0, next)
    }

    /// How many steps are complete and not taken.
    public var ready: Int {
        let reached =
            switch (rowStep, sampleStep) {
            case (nil, nil): first
            case (let rows?, nil): rows
            case (nil, let samples?): samples - Self.patience
            case (let rows?, let samples?): max(min(rows, samples), max(rows, samples) - Self.patience)
            }
        return Int(min(Int64(steps.count), max(0, reached - first)))
    }

    /// The steps that became complete since the last call; nil when there is none.
    public mutating func take() -> TrackOverview? {
        let count = ready
        return count > 0 ? takeFirst(count) : nil
    }

    /// The steps that are left, also those that are not complete: the track is over.
    public mutating func finish() -> TrackOverview? { steps.isEmpty ? nil : takeFirst(steps.count) }

    private mutating func takeFirst(_ count: Int) -> TrackOverview {
        var overview = TrackOverview(role: role, first: first)
        for step in steps[..<count] {
            let rows = max(1, step.rows)
            overview.levelDBFS.append(max(-96, Float(10 * log10(max(1e-10, step.power / Double(rows))))))
            overview.peakDBFS.append(step.peak)
            overview.speech.append(step.speechRows * 2 > rows)
            overview.f0Hz.append(step.voicedRows > 0 ? Float(step.f0 / Double(step.voicedRows)) : .nan)
            overview.waveMin.append(Float(step.low) / 32_768)
            overview.waveMax.append(Float(step.high) / 32_768)
        }
        steps.removeFirst(count)
        first += Int64(count)
        return overview
    }

    private static func step(of sample: Int64, _ sampleRate: Int) -> Int64 {
        sample * 1_000 / Int64(sampleRate * TrackOverview.stepMs)
    }

    /// The place of a step that was not taken; it is there afterwards.
    private mutating func place(of step: Int64) -> Int {
        let place = Int(step - first)
        while steps.count <= place { steps.append(Step()) }
        return place
    }
}
