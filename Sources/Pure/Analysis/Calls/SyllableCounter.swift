/// Counts syllable nuclei by the course of the level alone (after de Jong and Wempe, Behavior Research Methods 41(2),
/// 2009): peaks of the smoothed level with a dip of 2 dB on both sides, within 25 dB of the loudest.
struct SyllableCounter {
    static let dipDB: Float = 2
    static let rangeDB: Float = 25

    private let gain: Float
    private var smooth: Float?
    private var low: Float = 0
    private var high: Float = -96
    private var isRising = false
    private var loudest: Float = -96
    private(set) var count = 0

    init(clock: CallClock) { gain = Float(min(1, clock.hop / 0.03)) }

    mutating func step(isSpeech: Bool, levelDBFS: Float) {
        guard isSpeech, !levelDBFS.isNaN else {
            finishPeak()
            smooth = nil
            return
        }
        guard let before = smooth else {
            smooth = levelDBFS
            low = levelDBFS
            high = levelDBFS
            // Speech begins with a rise, whether the first row shows it or not.
            isRising = true
            return
        }
        let level = before + gain * (levelDBFS - before)
        smooth = level
        loudest = max(loudest, level)
        if isRising {
            high = max(high, level)
            if level <= high - Self.dipDB {
                finishPeak()
                low = level
            }
        } else {
            low = min(low, level)
            if level >= low + Self.dipDB {
                isRising = true
                high = level
            }
        }
    }

    private mutating func finishPeak() {
        if isRising && high >= loudest - Self.rangeDB && smooth != nil { count += 1 }
        isRising = false
    }
}
