/// Counts syllable nuclei from the level alone (after de Jong and Wempe, Behavior Research Methods 41(2), 2009): peaks
/// of the smoothed level with a dip of 2 dB on both sides, within 25 dB of a reference.
///
/// The reference is the loudest peak, and decays with every lower one: after a burst it returns to the speech level
/// within a few syllables, while the quiet noise between two syllables hardly affects it.
struct SyllableCounter {
    static let dipDB: Float = 2
    static let rangeDB: Float = 25
    /// The share of its distance to a lower peak by which the reference decays, and the maximum decay.
    static let fading: Float = 0.2
    static let fadingDB: Float = 2

    private let gain: Float
    private var smooth: Float?
    private var low: Float = 0
    private var high: Float = -96
    private var isRising = false
    /// The loudest peak, less its decay since.
    private var reference: Float?
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
            // Speech starts with a rise, whether or not the first row shows it.
            isRising = true
            return
        }
        let level = before + gain * (levelDBFS - before)
        smooth = level
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
        defer { isRising = false }
        guard isRising, smooth != nil else { return }
        let loudest = reference.map { max(high, Self.faded($0, peak: high)) } ?? high
        reference = loudest
        if high >= loudest - Self.rangeDB { count += 1 }
    }

    private static func faded(_ reference: Float, peak: Float) -> Float {
        reference - min(fadingDB, fading * (reference - peak))
    }
}
