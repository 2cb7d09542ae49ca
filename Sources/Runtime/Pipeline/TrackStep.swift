public import SidetoneModel

/// One step of a track at a glance, as it leaves the stream; `TrackOverview` holds many.
public struct TrackStep: Sendable, Hashable {
    public var track: TrackRole
    /// Counts steps of `TrackOverview.stepMs` from the call clock's zero.
    public var number: Int64
    /// Mean power of the step's rows in dBFS, −96…0.
    public var levelDBFS: Float = -96
    /// The largest peak of the step's rows in dBFS, −96…0.
    public var peakDBFS: Float = -96
    /// Whether most of the step's rows are speech.
    public var speech = false
    /// The mean of the voiced rows' F0 in Hz; NaN where none is, or F0 is not measured.
    public var f0Hz = Float.nan
    /// The lowest and the highest sample of the step, −1…1.
    public var waveMin: Float = 0
    public var waveMax: Float = 0

    /// A step of silence.
    public init(track: TrackRole, number: Int64) {
        self.track = track
        self.number = number
    }

    /// Where it ends, in seconds on the call clock.
    public var end: Double { Double((number + 1) * Int64(TrackOverview.stepMs)) / 1_000 }
}
