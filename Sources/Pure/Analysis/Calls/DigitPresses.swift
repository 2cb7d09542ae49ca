import SidetoneModel

/// Matches the digits reported by a platform with those detected in the audio, one to one.
struct DigitPresses {
    private static let kept = 32

    private let reach: Double
    /// Digits without a counterpart so far, oldest first.
    private var single: [HeardDigit] = []

    /// - Parameter reach: the maximum distance between both, in seconds.
    init(reach: Double) { self.reach = reach }

    /// Records a digit; returns false if it is the counterpart of an earlier one.
    mutating func isNew(_ digit: HeardDigit) -> Bool {
        if let index = single.firstIndex(where: { isCounterpart($0, of: digit) }) {
            single.remove(at: index)
            return false
        }
        if single.count == Self.kept { single.removeFirst() }
        single.append(digit)
        return true
    }

    private func isCounterpart(_ one: HeardDigit, of other: HeardDigit) -> Bool {
        guard (one.sound == nil) != (other.sound == nil), one.text == other.text else { return false }
        guard one.role == other.role || one.isOfEitherTrack || other.isOfEitherTrack else { return false }
        return max(one.start, other.start) - min(one.end, other.end) <= reach
    }
}
