/// A stretch of steps over which something holds, told once it has lasted long enough.
struct Run: Sendable, Equatable {
    enum Change: Equatable {
        /// It has lasted for the minimum; its first step lies in the past.
        case started(Int64)
        /// It was told and is over: its first step, and one past its last.
        case ended(Int64, Int64)
    }

    private let minimum: Int64
    /// The first step of the stretch that holds now.
    private(set) var start: Int64?
    private(set) var isTold = false

    /// - Parameter minimum: in steps, at least 1.
    init(minimum: Int64) { self.minimum = minimum }

    /// Takes whether it holds at the next step.
    mutating func step(_ number: Int64, _ holds: Bool) -> Change? {
        guard holds else { return finish(at: number) }
        let start = self.start ?? number
        self.start = start
        guard !isTold, number + 1 - start >= minimum else { return nil }
        isTold = true
        return .started(start)
    }

    /// It holds no longer.
    ///
    /// - Parameter end: one past its last step.
    mutating func finish(at end: Int64) -> Change? {
        defer {
            start = nil
            isTold = false
        }
        guard isTold, let start else { return nil }
        return .ended(start, end)
    }
}
