import SidetoneModel

/// A stretch that is told with `severity` warn once it has lasted for long, and once more with alert when it lasts on.
struct EscalatingInterval: Sendable, Equatable {
    private var run: IntervalDetector
    private let alert: Int64
    private var isAlert = false

    /// - Parameters:
    ///   - minimum: steps until it is told.
    ///   - alert: steps until it is told as an alert; at most `minimum`: it is told as an alert at once.
    ///   - bridge: as in `Run`.
    init(minimum: Int64, alert: Int64, bridge: Int64 = 0) {
        run = IntervalDetector(minimum: minimum, bridge: bridge)
        self.alert = alert
    }

    /// The first step of the stretch that holds now.
    var start: Int64? { run.start }

    /// The severity that the change given last has.
    var severity: Signal.Entry { Signal.Entry("severity", .text(isAlert ? "alert" : "warn")) }

    /// Takes whether it holds at the next step, as `Run` does.
    mutating func step(_ number: Int64, holds: Bool, mayBridge: Bool = false) -> IntervalDetector.Change? {
        let change = run.step(number, holds: holds, mayBridge: mayBridge)
        if case .started = change { isAlert = false }
        guard run.isReported, !isAlert, let start = run.start, number + 1 - start >= alert else { return change }
        isAlert = true
        return .started(start)
    }

    mutating func finish(at end: Int64) -> IntervalDetector.Change? { run.finish(at: end) }
}
