/// Lets a few entries a second through and counts the rest, so that whoever knocks often fills no disk.
package struct LogBudget: Sendable {
    private let perSecond: Int
    private var second = -Double.infinity
    private var given = 0
    private var passedOver = 0

    /// - Parameter perSecond: at least 1.
    package init(perSecond: Int = 10) {
        precondition(perSecond > 0, "a budget of at least one entry")
        self.perSecond = perSecond
    }

    /// Asks for one entry.
    ///
    /// - Parameter now: seconds on any clock, which may step back.
    /// - Returns: how many were passed over since the one before it; nil where this one is passed over.
    package mutating func consume(now: Double) -> Int? {
        if now < second || now - second >= 1 {
            second = now
            given = 0
        }
        guard given < perSecond else {
            passedOver += 1
            return nil
        }
        given += 1
        defer { passedOver = 0 }
        return passedOver
    }
}
