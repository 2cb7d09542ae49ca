import SidetoneModel

/// A silence that has become too long.
///
/// Told as started with `severity` warn after `dead_air_ms` (5 s), once more with `severity` alert after
/// `dead_air_alert_ms` (10 s), and as ended once, with the severity reached. As a silence, it outlasts a talk spurt
/// shorter than `silence_break_ms`. The limits are those of Google's
/// Contact Center AI and Observe.AI.
struct DeadAirSignal: CallSignal {
    static let name = "dead_air"
    static let summary = "a silence that has become too long"
    static let reference = "5 s, 10 s: Google Contact Center AI, Observe.AI"

    private let clock: CallClock
    private let alert: Int64
    private var run: Run
    private var isAlert = false

    init(_ options: DeadAirOptions, _ context: SignalContext) {
        clock = context.clock
        run = Run(
            minimum: clock.steps(ms: options.warnMs),
            bridge: clock.steps(ms: context.settings.options(SilenceOptions.self).breakMs))
        alert = clock.steps(ms: options.alertMs)
    }

    mutating func step(_ step: borrowing CallStep, _ emit: (Signal) -> Void) {
        let change = run.step(step.number, step.isSilence, mayBridge: step.isSpeechOnly)
        tell(change, emit)
        guard run.isTold, !isAlert, let start = run.start, step.number + 1 - start >= alert else { return }
        isAlert = true
        emit(Signal(Self.name, .started, start: clock.seconds(start), values: values))
    }

    mutating func finish(_ last: borrowing CallStep, _ emit: (Signal) -> Void) {
        let change = run.finish(at: last.number + 1)
        tell(change, emit)
    }

    private var values: [Signal.Entry] { [Signal.Entry("severity", .text(isAlert ? "alert" : "warn"))] }

    private mutating func tell(_ change: Run.Change?, _ emit: (Signal) -> Void) {
        switch change {
        case .started(let start): emit(Signal(Self.name, .started, start: clock.seconds(start), values: values))
        case .ended(let start, let end):
            emit(Signal(Self.name, .ended, start: clock.seconds(start), end: clock.seconds(end), values: values))
            isAlert = false
        case nil: break
        }
    }
}

/// What makes dead air.
struct DeadAirOptions: SignalOptions, Equatable {
    var warnMs = 5_000
    var alertMs = 10_000

    static let fields: [Setting<Self>] = [
        Setting("dead_air_ms", \.warnMs, in: 100...600_000, "How long a silence is dead air, in milliseconds."),
        Setting(
            "dead_air_alert_ms", \.alertMs, in: 100...600_000,
            "How long a silence is dead air of severity alert, in milliseconds."),
    ]
}
