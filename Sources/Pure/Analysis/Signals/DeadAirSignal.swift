import SidetoneModel

/// A prolonged silence.
///
/// Reported as started with `severity` warn after `dead_air_ms` (5 s), again with `severity` alert after
/// `dead_air_alert_ms` (10 s), and as ended once, with the highest severity reached. Like `silence`, it continues
/// across talk spurts shorter than `silence_break_ms`. The limits are those of Google's Contact Center AI and
/// Observe.AI.
struct DeadAirSignal: CallSignal {
    static let name = "dead_air"
    static let summary = "a prolonged silence"
    static let reference = "5 s, 10 s: Google Contact Center AI, Observe.AI"
    static let form = SignalDeclaration.Form.interval
    static let subject = SignalDeclaration.Subject.call
    static let values: [SignalDeclaration.Value] = [
        .severity
    ]
    static let alertPolicy: SignalDeclaration.AlertPolicy? = .reported(from: .warn)
    static let features = ["dtmf", "music", "speech", "tone"]

    private let clock: CallClock
    private var run: EscalatingInterval

    init(_ options: DeadAirOptions, context: SignalContext) {
        clock = context.clock
        run = EscalatingInterval(
            minimum: clock.steps(ms: options.warnMs), alert: clock.steps(ms: options.alertMs),
            bridge: clock.steps(ms: context.settings.options(SilenceOptions.self).breakMs))
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        let change = run.step(step.number, holds: step.isSilence, mayBridge: step.isSpeechOnly)
        report(change, emit: emit)
    }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {
        let change = run.finish(at: last.number + 1)
        report(change, emit: emit)
    }

    private func report(_ change: IntervalDetector.Change?, emit: (Signal) -> Void) {
        guard let change else { return }
        emit(change.signal(Self.name, clock: clock, values: [run.severity]))
    }
}

/// Options of `dead_air`.
struct DeadAirOptions: SignalOptions, Equatable {
    var warnMs = 5_000
    var alertMs = 10_000

    static let fields: [Setting<Self>] = [
        Setting("dead_air_ms", \.warnMs, in: 100...600_000, "Silence from this duration is dead air, in milliseconds."),
        Setting(
            "dead_air_alert_ms", \.alertMs, in: 100...600_000,
            "Silence from this duration is dead air with severity alert, in milliseconds."),
    ]
}
