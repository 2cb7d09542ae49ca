public import SidetoneModel

/// A track at a glance: ten values a second of what a person looks at.
public struct TrackOverview: Sendable, Hashable {
    /// The length of a step in milliseconds.
    public static let stepMs = 100

    public var role: TrackRole
    /// Counts steps from the call clock's zero.
    public var first: Int64
    /// Mean power of the step's rows in dBFS, −96…0; one value a step, as in all that follow.
    public var levelDBFS: [Float] = []
    /// The largest peak of the step's rows in dBFS, −96…0.
    public var peakDBFS: [Float] = []
    /// Whether most of the step's rows are speech.
    public var speech: [Bool] = []
    /// The mean of the voiced rows' F0 in Hz; NaN where none is, or F0 is not measured.
    public var f0Hz: [Float] = []
    /// The lowest and the highest sample of the step, −1…1; zero where samples are not kept.
    public var waveMin: [Float] = []
    public var waveMax: [Float] = []

    public init(role: TrackRole, first: Int64) {
        self.role = role
        self.first = first
    }

    /// How many steps it holds.
    public var count: Int { levelDBFS.count }

    /// One of its steps; `place` counts from its first.
    public subscript(place: Int) -> TrackStep {
        var step = TrackStep(track: role, number: first + Int64(place))
        step.levelDBFS = levelDBFS[place]
        step.peakDBFS = peakDBFS[place]
        step.speech = speech[place]
        step.f0Hz = f0Hz[place]
        step.waveMin = waveMin[place]
        step.waveMax = waveMax[place]
        return step
    }

    /// Adds the next step; what is missing before it is silence, and a step that is there already is left out.
    public mutating func append(_ step: TrackStep) {
        while first + Int64(count) < step.number {
            put(TrackStep(track: role, number: first + Int64(count)))
        }
        if first + Int64(count) == step.number { put(step) }
    }

    private mutating func put(_ step: TrackStep) {
        levelDBFS.append(step.levelDBFS)
        peakDBFS.append(step.peakDBFS)
        speech.append(step.speech)
        f0Hz.append(step.f0Hz)
        waveMin.append(step.waveMin)
        waveMax.append(step.waveMax)
    }
}
