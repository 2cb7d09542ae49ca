import SidetoneModel
import SidetonePipeline

/// One track of a call as somebody watches it.
struct TrackMeter {
    private(set) var course = TrackTimeSeries()
    /// From the call's zero to the zero of the stream that carries the track now.
    private var offset: Int
    private(set) var speechSteps = 0
    /// Where the newest speech ends, in seconds on the call's clock.
    private(set) var lastSpeech: Double?
    private(set) var gaps = 0
    /// Raised by signals; shown as long as they are open.
    var isClipped = false
    var isLow = false
    var isDead = false
    /// No packet comes: what it was like last is not what it is like now.
    var isStalled = false
    /// Of the receiver, once a second; nil before.
    var health: TrackHealth?

    init(offsetSeconds: Double) { offset = Self.steps(offsetSeconds) }

    /// Another stream of the call carries the track from now on.
    mutating func goOn(offsetSeconds: Double) {
        offset = Self.steps(offsetSeconds)
        isStalled = false
        health = nil
    }

    private static func steps(_ seconds: Double) -> Int {
        Int((max(0, min(1e6, seconds)) * 1_000 / Double(TrackOverview.stepMs)).rounded())
    }

    private static let stepSeconds = Double(TrackOverview.stepMs) / 1_000

    /// Where the track's newest step ends, in seconds on the call's clock.
    var seconds: Double { Double(course.end) * Self.stepSeconds }

    mutating func add(_ step: OverviewSample) {
        let number = Int(step.number) + offset
        guard number >= course.end else { return }
        course.append(step, number: number)
        guard step.speech else { return }
        speechSteps += 1
        lastSpeech = Double(number + 1) * Self.stepSeconds
    }

    /// What it is like now; nil before the first step, and while nothing comes.
    var newest: (level: Double, peak: Double, speech: Bool)? { isStalled ? nil : course.newest }

    mutating func countGap() { gaps += 1 }
}
