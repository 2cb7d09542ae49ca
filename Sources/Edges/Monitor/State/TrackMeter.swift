import SidetoneModel
import SidetonePipeline

/// The current state of one track of a call.
struct TrackMeter {
    private(set) var course = TrackTimeSeries()
    /// From the call's zero to the zero of the stream that carries the track now.
    private var offset: Int
    private(set) var speechSteps = 0
    /// The end of the latest speech, in seconds on the call clock.
    private(set) var lastSpeech: Double?
    private(set) var gaps = 0
    /// Set by signals while these are open.
    var isClipped = false
    var isLow = false
    var isDead = false
    /// No packet arrives: the last values are not current.
    var isStalled = false
    /// Reported by the receiver once a second; nil before the first report.
    var health: TrackHealth?

    init(offsetSeconds: Double) { offset = Self.steps(offsetSeconds) }

    /// Continues the track with another stream of the call.
    mutating func goOn(offsetSeconds: Double) {
        offset = Self.steps(offsetSeconds)
        isStalled = false
        health = nil
    }

    private static func steps(_ seconds: Double) -> Int {
        Int((max(0, min(1e6, seconds)) * 1_000 / Double(TrackOverview.stepMs)).rounded())
    }

    private static let stepSeconds = Double(TrackOverview.stepMs) / 1_000

    /// The end of the track's latest step, in seconds on the call clock.
    var seconds: Double { Double(course.end) * Self.stepSeconds }

    mutating func add(_ step: OverviewSample) {
        let number = Int(step.number) + offset
        guard number >= course.end else { return }
        course.append(step, number: number)
        guard step.speech else { return }
        speechSteps += 1
        lastSpeech = Double(number + 1) * Self.stepSeconds
    }

    /// The latest step; nil before the first step and while no packets arrive.
    var newest: (level: Double, peak: Double, speech: Bool)? { isStalled ? nil : course.newest }

    mutating func countGap() { gaps += 1 }
}
