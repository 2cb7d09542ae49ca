/// Where a track carries nothing: zeros, or comfort noise that stands in for what is usually behind the voice.
///
/// What is usual is heard next to a side's own words: in the pauses between them, just before them, and at the start of
/// the track. A stretch is dead when it is digital zero, or soft noise of one level, and differs by more than 6 dB from
/// all that is usual: so a quiet listener is not dead, and neither is a telephone whose pauses are always zero. Before a
/// side has spoken, only zeros count.
struct DeadLineDetector {
    /// Levels from here down are digital zero, in dBFS.
    static let zero: Float = -95
    /// Comfort noise is softer than this, in dBFS.
    static let soft: Float = -40
    /// How far from the usual, and how near to itself, in dB.
    static let differs: Float = 6
    static let steady: Float = 4
    /// How many usual levels are kept: a microphone with automatic gain has several.
    static let usualLevels = 4

    private let longestPause: Int64
    private let decay: Int64
    private let slip: Int64
    private let settle: Int64
    private let recentGain: Float
    /// The levels that are usual, the latest confirmed last.
    private(set) var usual: [Float] = []
    private var lastSpeech: Int64?
    private var pauseSum: Float = 0
    private var pauseCount: Float = 0
    /// The level of the last half second without speech.
    private var recent: Float?
    private var taken: Int64 = 0
    /// The first step of the dead stretch that holds now.
    private(set) var start: Int64?
    /// Its last step so far.
    private(set) var last: Int64 = 0
    private var mean: Float = 0

    init(clock: CallClock) {
        longestPause = clock.steps(ms: 3_000)
        decay = clock.steps(ms: 150)
        slip = clock.steps(ms: 60)
        settle = clock.steps(ms: 1_000)
        recentGain = Float(min(1, clock.hop / 0.5))
        usual.reserveCapacity(Self.usualLevels + 1)
    }

    /// Whether the side has spoken.
    var hasSpoken: Bool { lastSpeech != nil }
    var isZero: Bool { mean <= Self.zero }

    /// - Parameter levelDBFS: of this step; not-a-number where the track has no row.
    mutating func step(_ number: Int64, isSpeech: Bool, levelDBFS: Float) {
        if isSpeech {
            if lastSpeech != number - 1 { adapt(number) }
            lastSpeech = number
            start = nil
            return
        }
        guard !levelDBFS.isNaN else {
            start = nil
            return
        }
        // The first moments after a word hold its echo in the room.
        if let lastSpeech, number - lastSpeech > decay {
            pauseSum += levelDBFS
            pauseCount += 1
        }
        recent = recent.map { $0 + recentGain * (levelDBFS - $0) } ?? levelDBFS
        taken += 1
        // Zeros at the start are a track that has not begun.
        if lastSpeech == nil, taken == settle, let recent, recent > Self.zero { confirm(recent) }
        track(number, levelDBFS: levelDBFS)
    }

    /// Speech begins: what lay before it is what is usual behind it.
    private mutating func adapt(_ number: Int64) {
        if let recent { confirm(recent) }
        if let lastSpeech, number - lastSpeech <= longestPause, pauseCount > 0 { confirm(pauseSum / pauseCount) }
        recent = nil
        pauseSum = 0
        pauseCount = 0
    }

    private mutating func confirm(_ level: Float) {
        var kept = level
        if let index = usual.firstIndex(where: { abs($0 - level) <= Self.differs }) {
            kept = usual[index] + 0.3 * (level - usual[index])
            usual.remove(at: index)
        } else if usual.count == Self.usualLevels {
            usual.removeFirst()
        }
        usual.append(kept)
    }

    private mutating func track(_ number: Int64, levelDBFS: Float) {
        let isZero = levelDBFS <= Self.zero
        let isSoft = levelDBFS < Self.soft && (isZero || hasSpoken)
        if start != nil {
            // Once it is dead, staying as it is keeps it so.
            if isSoft, isZero ? mean <= Self.zero : abs(levelDBFS - mean) <= Self.steady {
                last = number
                mean += 0.05 * (levelDBFS - mean)
                return
            }
            guard number - last > slip else { return }
            start = nil
        }
        guard isSoft, isUnusual(levelDBFS) else { return }
        start = number
        last = number
        mean = levelDBFS
    }

    private func isUnusual(_ level: Float) -> Bool {
        for known in usual where abs(level - known) <= Self.differs { return false }
        return true
    }
}
