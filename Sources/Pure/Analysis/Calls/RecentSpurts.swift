/// The latest two talk spurts of a track, in steps, as far as they are decided.
struct RecentSpurts {
    private var latest: Range<Int64> = 0..<0
    private var earlier: Range<Int64> = 0..<0

    /// A step is speech; steps come in order.
    mutating func record(_ number: Int64) {
        if number == latest.upperBound {
            latest = latest.lowerBound..<number + 1
        } else {
            earlier = latest
            latest = number..<number + 1
        }
    }

    /// Whether so many steps of a spurt lie before a step, and not long before it.
    func hasSpurt(before start: Int64, lasting least: Int64, within most: Int64) -> Bool {
        [earlier, latest].contains { spurt in
            min(spurt.upperBound, start) - spurt.lowerBound >= least && start - spurt.upperBound <= most
        }
    }
}
