import SidetoneModel

/// An interval that is reported with `severity` warn after a minimum duration, and again with alert after a longer one.
struct EscalatingInterval: Sendable, Equatable {
    private var run: IntervalDetector
    private let alert: Int64
    private var isAlert = false

    /// - Parameters:
    ///   - minimum: steps until it is reported.
    ///   - alert: steps until it is reported as an alert; if at most `minimum`, it is reported as an alert immediately.
    ///   - bridge: as in `IntervalDetector`.
    init(minimum: Int64, alert: Int64, bridge: Int64 = 0) {
        run = IntervalDetector(minimum: minimum, bridge: bridge)
        self.alert = alert
    }

    /// The first step of the current stretch.
    var start: Int64? { run.start }

    /// The severity of the change returned last.
    var severity: Signal.Entry { Signal.Entry("severity", .text(isAlert ? "alert" : "warn")) }

    /// Processes the next step, like `IntervalDetector`.
    mutating func step(_ number: Int64, holds: Bool, mayBridge: Bool = false) -> IntervalDetector.Change? {
        let change = run.step(number, holds: holds, mayBridge: mayBridge)
        if case .started = change { isAlert = false }
        guard run.isReported, !isAlert, let start = run.start, number + 1 - start >= alert else { return change }
        isAlert = true
        return .started(start)
    }

    mutating func finish(at end: Int64) -> IntervalDetector.Change? { run.finish(at: end) }
}
