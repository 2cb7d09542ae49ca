/// Limits log entries per second and counts the suppressed ones, so that no peer can fill the disk.
package struct LogBudget: Sendable {
    private let perSecond: Int
    private var second = -Double.infinity
    private var passed = 0
    private var passedOver = 0

    /// - Parameter perSecond: at least 1.
    package init(perSecond: Int = 10) {
        precondition(perSecond > 0, "a budget must allow at least one entry")
        self.perSecond = perSecond
    }

    /// Requests one entry.
    ///
    /// - Parameter now: seconds on any clock, which may step back.
    /// - Returns: the number of entries suppressed since the last one; nil if this one is suppressed.
    package mutating func consume(now: Double) -> Int? {
        if now < second || now - second >= 1 {
            second = now
            passed = 0
        }
        guard passed < perSecond else {
            passedOver += 1
            return nil
        }
        passed += 1
        defer { passedOver = 0 }
        return passedOver
    }
}
