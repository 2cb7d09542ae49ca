/// Where a track carries nothing: zeros, or comfort noise that stands in for what is usually behind the voice.
///
/// What is usual is the level of the pauses between a side's own words. A stretch is dead when it is digital zero, or
/// soft noise of one level, and that differs from the usual by more than 6 dB: so a quiet listener is not dead, and
/// neither is a telephone whose pauses are always zero. Before a side has spoken, only zeros count.
struct DeadLine {
    /// Levels from here down are digital zero, in dBFS.
    static let zero: Float = -95
    /// Comfort noise is softer than this, in dBFS.
    static let soft: Float = -40
    /// How far from the usual, and how near to itself, in dB.
    static let differs: Float = 6
    static let steady: Float = 4

    private let longestPause: Int64
    private let decay: Int64
    private let slip: Int64
    /// The level of own pauses; nil before the first.
    private(set) var usual: Float?
    private var lastSpeech: Int64?
    private var pauseSum: Float = 0
    private var pauseCount: Float = 0
    /// The first step of the dead stretch that holds now.
    private(set) var start: Int64?
    /// Its last step so far.
    private(set) var last: Int64 = 0
    private var mean: Float = 0

    init(clock: CallClock) {
        longestPause = clock.steps(ms: 3_000)
        decay = clock.steps(ms: 150)
        slip = clock.steps(ms: 60)
    }

    /// Whether the side has spoken.
    var hasSpoken: Bool { lastSpeech != nil }
    var isZero: Bool { mean <= Self.zero }

    mutating func step(_ number: Int64, isSpeech: Bool, levelDBFS: Float) {
        if isSpeech {
            learn(number)
            lastSpeech = number
            start = nil
            return
        }
        // The first moments after a word hold its echo in the room.
        if let lastSpeech, number - lastSpeech > decay, number - lastSpeech <= longestPause, !levelDBFS.isNaN {
            pauseSum += levelDBFS
            pauseCount += 1
        }
        follow(number, levelDBFS)
    }

    /// Speech goes on: what lay before it was a pause between own words, if it was short.
    private mutating func learn(_ number: Int64) {
        defer {
            pauseSum = 0
            pauseCount = 0
        }
        guard let lastSpeech, number - lastSpeech <= longestPause, pauseCount > 0 else { return }
        let level = pauseSum / pauseCount
        usual = usual.map { $0 + 0.3 * (level - $0) } ?? level
    }

    private mutating func follow(_ number: Int64, _ levelDBFS: Float) {
        let isZero = levelDBFS <= Self.zero
        let isUnusual = usual.map { abs(levelDBFS - $0) > Self.differs } ?? isZero
        let isEmpty = isUnusual && levelDBFS < Self.soft
        if start != nil {
            if isEmpty, isZero ? mean <= Self.zero : abs(levelDBFS - mean) <= Self.steady {
                last = number
                mean += 0.05 * (levelDBFS - mean)
                return
            }
            guard number - last > slip else { return }
            start = nil
        }
        guard isEmpty else { return }
        start = number
        last = number
        mean = levelDBFS
    }
}
