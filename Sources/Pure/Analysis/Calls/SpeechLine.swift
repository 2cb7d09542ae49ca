import SidetoneModel

/// The final speech decisions of one track: a step is released once onset and hangover have decided it.
struct SpeechLine {
    private var spurts: TalkSpurts
    /// The minimum probability for a step to count as speech.
    var threshold: Float {
        didSet { spurts.threshold = threshold }
    }
    /// A ring of decisions, as many as the other track may lag; its size is a power of two.
    private var ring: [Bool]
    private let first: Int64
    private var last: Int64
    /// Steps before this one are decided.
    private(set) var decided: Int64

    /// - Parameter first: the first step.
    init(_ settings: DetectSettings, threshold: Float, clock: CallClock, first: Int64) {
        let grid = FrameGrid(sampleRate: 1_000_000, windowMs: clock.hop * 1000, hopMs: clock.hop * 1000)
        spurts = TalkSpurts(settings, threshold: threshold, grid: grid)
        self.threshold = threshold
        var capacity = 1
        while capacity <= Self.delay(settings, clock: clock) { capacity *= 2 }
        ring = [Bool](repeating: false, count: capacity)
        self.first = first
        last = first - 1
        decided = first
    }

    /// The maximum number of steps that a decision may take.
    static func delay(_ settings: DetectSettings, clock: CallClock) -> Int {
        Int(clock.steps(ms: max(settings.onsetMs, settings.hangoverMs))) + 2
    }

    /// Processes the next step; returns the talk spurt that started or ended, in steps.
    mutating func process(_ probability: Float) -> TalkSpurts.Change? {
        last += 1
        let change = spurts.process(probability)
        switch change {
        case .started: decide(through: last, true)
        case .ended: decide(through: last, false)
        case nil where spurts.isSpeech:
            // Within a spurt, a step without speech waits for the hangover; a step with speech also decides those
            // before it.
            if probability >= threshold { decide(through: last, true) }
        case nil:
            if !(probability >= threshold) { decide(through: last, false) }
        }
        return change.map(shifted)
    }

    /// Ends the line: decides every step.
    mutating func finish() -> TalkSpurts.Change? {
        let change = spurts.finish()
        decide(through: last, false)
        return change.map(shifted)
    }

    /// Whether a decided step is speech; available for the last `delay` steps.
    func isSpeech(_ step: Int64) -> Bool { ring[Int(step - first) & (ring.count - 1)] }

    private mutating func decide(through step: Int64, _ isSpeech: Bool) {
        while decided <= step {
            ring[Int(decided - first) & (ring.count - 1)] = isSpeech
            decided += 1
        }
    }

    private func shifted(_ change: TalkSpurts.Change) -> TalkSpurts.Change {
        switch change {
        case .started(let start): .started(firstRow: start + first)
        case .ended(let start, let end): .ended(firstRow: start + first, lastRow: end + first)
        }
    }
}
