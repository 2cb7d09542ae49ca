/// Detects the start and end of music on a track from the stability of the spectrum's lines.
struct MusicSpan {
    enum Change: Equatable {
        /// Its first step lies in the past.
        case started(Int64)
        case ended(Int64, Int64)
    }

    /// Above this value it is music; 99 % of the rows of telephone speech are under 0.13.
    static let opens: Float = 0.2
    /// Below this value it has ended.
    static let closes: Float = 0.14
    /// Above this value it may be music, and silence is not reported.
    static let mayBe: Float = 0.17
    /// Steps below this level are pauses, in dBFS.
    static let quiet: Float = -50

    private let clock: CallClock
    private let lag: Int64
    private let pause: Int64
    private(set) var start: Int64?
    private var loudStart: Int64?
    private var lastLoud: Int64 = .min
    /// The end of the previous music.
    private var lastEnd: Int64 = .min

    init(clock: CallClock) {
        self.clock = clock
        // The measure is a mean over 3 s: it exceeds its limit when about two thirds of them are music.
        lag = clock.steps(ms: 2_000)
        pause = clock.steps(ms: 500)
    }

    /// - Parameters:
    ///   - stability: of the lines, mean of 3 s.
    ///   - levelDBFS: of this step.
    mutating func step(_ number: Int64, stability: Float, levelDBFS: Float) -> Change? {
        if levelDBFS >= Self.quiet {
            if loudStart == nil || number - lastLoud > pause { loudStart = number }
            lastLoud = number
        }
        if let start {
            guard !(stability >= Self.closes) else { return nil }
            return end(start, number: number)
        }
        guard stability >= Self.opens, let loudStart else { return nil }
        let begin = max(loudStart, number - lag, lastEnd)
        start = begin
        return .started(begin)
    }

    mutating func finish(at number: Int64) -> Change? {
        guard let start else { return nil }
        return end(start, number: number)
    }

    private mutating func end(_ start: Int64, number: Int64) -> Change {
        self.start = nil
        let isQuiet = number - lastLoud > pause
        lastEnd = max(start + 1, isQuiet ? lastLoud + 1 : number - lag / 2)
        return .ended(start, lastEnd)
    }
}
