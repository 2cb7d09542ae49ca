import SidetoneModel
import SidetonePipeline

/// One track of a call as somebody watches it.
struct TrackMeter {
    private(set) var course = TrackCourse()
    private var builder: TrackOverviewBuilder
    /// From the call's zero to the zero of the stream that carries the track now.
    private var offset: Int
    /// Where the track's newest row ends, in seconds on the call's clock.
    private(set) var seconds = 0.0
    private(set) var steps = 0
    private(set) var speechSteps = 0
    /// Where the newest speech ends, in seconds on the call's clock.
    private(set) var lastSpeech: Double?
    private(set) var gaps = 0
    /// Raised by signals; shown as long as they are open.
    var isClipped = false
    var isLow = false
    var isDead = false
    /// Of the receiver, once a second; nil before.
    var health: TrackHealth?

    init(_ info: TrackInfo, offsetSeconds: Double) {
        builder = TrackOverviewBuilder(info)
        offset = Self.steps(offsetSeconds)
    }

    /// Another stream of the call carries the track from now on.
    mutating func go(on info: TrackInfo, offsetSeconds: Double) {
        finish()
        builder = TrackOverviewBuilder(info)
        offset = Self.steps(offsetSeconds)
        health = nil
    }

    private static func steps(_ seconds: Double) -> Int {
        Int((max(0, min(1e6, seconds)) * 1_000 / Double(TrackOverview.stepMs)).rounded())
    }

    private static let stepSeconds = Double(TrackOverview.stepMs) / 1_000

    mutating func add(_ block: RowBlock) {
        builder.add(block)
        let end = block.grid.end(ofRow: block.firstRow + Int64(block.count) - 1).seconds
        seconds = max(seconds, end + Double(offset) * Self.stepSeconds)
        if let overview = builder.take() { append(overview) }
    }

    mutating func add(_ block: SampleBlock) { builder.add(block) }

    mutating func countGap() { gaps += 1 }

    /// Takes what is left: the stream is over.
    mutating func finish() { if let overview = builder.finish() { append(overview) } }

    private mutating func append(_ overview: TrackOverview) {
        let before = course.end
        course.append(overview, offset: offset)
        for step in max(before, Int(overview.first) + offset)..<max(before, course.end) {
            let place = step - course.first
            guard place >= 0 else { continue }
            steps += 1
            guard course.speech[place] else { continue }
            speechSteps += 1
            lastSpeech = Double(step + 1) * Self.stepSeconds
        }
    }
}
