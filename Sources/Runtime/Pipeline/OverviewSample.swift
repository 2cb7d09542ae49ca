package import SidetoneModel

/// One step of a track's overview, as emitted by the stream; `TrackOverview` holds many.
package struct OverviewSample: Sendable, Hashable {
    package var track: TrackRole
    /// The index of the step, in units of `TrackOverview.stepMs` from the call clock's zero.
    package var number: Int64
    /// Mean power of the step's rows in dBFS, −96…0.
    package var levelDBFS: Float = -96
    /// The largest peak of the step's rows in dBFS, −96…0.
    package var peakDBFS: Float = -96
    /// Whether most of the step's rows are speech.
    package var speech = false
    /// The mean F0 of the voiced rows in Hz; NaN if there are none, or if F0 is not measured.
    package var f0Hz = Float.nan
    /// The minimum and maximum sample of the step, −1…1.
    package var waveMin: Float = 0
    package var waveMax: Float = 0

    /// A step of silence.
    package init(track: TrackRole, number: Int64) {
        self.track = track
        self.number = number
    }

    /// The end of the step, in seconds on the call clock.
    package var end: Double { Double((number + 1) * Int64(TrackOverview.stepMs)) / 1_000 }
}
