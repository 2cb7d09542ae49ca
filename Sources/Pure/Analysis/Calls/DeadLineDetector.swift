/// Detects dead stretches of a track: zeros, or comfort noise in place of the usual background.
///
/// The usual background is measured next to a side's own speech: in the pauses between words, just before speech, and
/// at the start of the track. A stretch is dead when it is digital zero, or quiet noise of constant level, and differs
/// by more than 6 dB from all usual backgrounds. So a quiet listener is not dead, and neither is a telephone whose
/// pauses are always zero. Before a side has spoken, only zeros count.
struct DeadLineDetector {
    /// Levels up to this one are digital zero, in dBFS.
    static let zero: Float = -95
    /// The maximum level of comfort noise, in dBFS.
    static let soft: Float = -40
    /// The minimum difference from the usual levels, and the maximum variation, in dB.
    static let differs: Float = 6
    static let steady: Float = 4
    /// The number of usual levels kept: a microphone with automatic gain control has several.
    static let usualLevels = 4

    private let longestPause: Int64
    private let decay: Int64
    private let slip: Int64
    private let settle: Int64
    private let recentGain: Float
    /// The usual levels, the latest confirmed last.
    private(set) var usual: [Float] = []
    private var lastSpeech: Int64?
    private var pauseSum: Float = 0
    private var pauseCount: Float = 0
    /// The level of the last half second without speech.
    private var recent: Float?
    private var processed: Int64 = 0
    /// The first step of the current dead stretch.
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

    /// - Parameter levelDBFS: the level of this step; not-a-number if the track has no row.
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
        // The first moments after a word contain its room reverberation.
        if let lastSpeech, number - lastSpeech > decay {
            pauseSum += levelDBFS
            pauseCount += 1
        }
        recent = recent.map { $0 + recentGain * (levelDBFS - $0) } ?? levelDBFS
        processed += 1
        // Zeros at the start are a track that has not started yet.
        if lastSpeech == nil, processed == settle, let recent, recent > Self.zero { confirm(recent) }
        track(number, levelDBFS: levelDBFS)
    }

    /// Speech starts: the level before it is the usual background.
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
            // Once dead, the stretch remains dead while it does not change.
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
