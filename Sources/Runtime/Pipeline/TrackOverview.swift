package import SidetoneModel

/// A track at a glance: ten values a second of what a person looks at.
package struct TrackOverview: Sendable, Hashable {
    /// The length of a step in milliseconds.
    package static let stepMs = 100

    package var role: TrackRole
    /// Counts steps from the call clock's zero.
    package var first: Int64
    /// Mean power of the step's rows in dBFS, −96…0; one value a step, as in all that follow.
    package var levelDBFS: [Float] = []
    /// The largest peak of the step's rows in dBFS, −96…0.
    package var peakDBFS: [Float] = []
    /// Whether most of the step's rows are speech.
    package var speech: [Bool] = []
    /// The mean of the voiced rows' F0 in Hz; NaN where none is, or F0 is not measured.
    package var f0Hz: [Float] = []
    /// The lowest and the highest sample of the step, −1…1; zero where samples are not kept.
    package var waveMin: [Float] = []
    package var waveMax: [Float] = []

    package init(role: TrackRole, first: Int64) {
        self.role = role
        self.first = first
    }

    /// How many steps it holds.
    package var count: Int { levelDBFS.count }

    /// One of its steps; `place` counts from its first.
    package subscript(place: Int) -> OverviewSample {
        var step = OverviewSample(track: role, number: first + Int64(place))
        step.levelDBFS = levelDBFS[place]
        step.peakDBFS = peakDBFS[place]
        step.speech = speech[place]
        step.f0Hz = f0Hz[place]
        step.waveMin = waveMin[place]
        step.waveMax = waveMax[place]
        return step
    }

    /// Adds the next step; what is missing before it is silence, and a step that is there already is left out.
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
