package import SidetoneModel

/// A track at a glance: ten values per second for display.
package struct TrackOverview: Sendable, Hashable {
    /// The length of a step in milliseconds.
    package static let stepMs = 100

    package var role: TrackRole
    /// The index of the first step, from the call clock's zero.
    package var first: Int64
    /// Mean power of the step's rows in dBFS, −96…0; one value per step, as in all arrays that follow.
    package var levelDBFS: [Float] = []
    /// The largest peak of the step's rows in dBFS, −96…0.
    package var peakDBFS: [Float] = []
    /// Whether most of the step's rows are speech.
    package var speech: [Bool] = []
    /// The mean F0 of the voiced rows in Hz; NaN if there are none, or if F0 is not measured.
    package var f0Hz: [Float] = []
    /// The minimum and maximum sample of the step, −1…1; zero if samples are not kept.
    package var waveMin: [Float] = []
    package var waveMax: [Float] = []

    package init(role: TrackRole, first: Int64) {
        self.role = role
        self.first = first
    }

    /// The number of steps.
    package var count: Int { levelDBFS.count }

    /// One of its steps, by its index from the first.
    package subscript(index: Int) -> OverviewSample {
        var step = OverviewSample(track: role, number: first + Int64(index))
        step.levelDBFS = levelDBFS[index]
        step.peakDBFS = peakDBFS[index]
        step.speech = speech[index]
        step.f0Hz = f0Hz[index]
        step.waveMin = waveMin[index]
        step.waveMax = waveMax[index]
        return step
    }

    /// Appends the next step; missing steps before it are silence, and an existing step is ignored.
    package mutating func append(_ step: OverviewSample) {
        while first + Int64(count) < step.number {
            insert(OverviewSample(track: role, number: first + Int64(count)))
        }
        if first + Int64(count) == step.number { insert(step) }
    }

    private mutating func insert(_ step: OverviewSample) {
        levelDBFS.append(step.levelDBFS)
        peakDBFS.append(step.peakDBFS)
        speech.append(step.speech)
        f0Hz.append(step.f0Hz)
        waveMin.append(step.waveMin)
        waveMax.append(step.waveMax)
    }
}
