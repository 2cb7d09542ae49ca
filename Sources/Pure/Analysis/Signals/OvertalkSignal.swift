import SidetoneModel

/// Both sides speak at the same time.
///
/// Reported from `overtalk_ms` (200 ms): shorter overlap is normal turn-taking. `by` is the side that started later.
/// After `overtalk_alert_ms` (3 s) it is reported as started again, with `severity` alert.
struct OvertalkSignal: CallSignal {
    static let name = "overtalk"
    static let summary = "both sides speak at the same time"
    static let reference = "our own: 200 ms, alert after 3 s"
    static let form = SignalDeclaration.Form.interval
    static let subject = SignalDeclaration.Subject.call
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("by", .word(TrackRole.allCases.map(\.rawValue)), "the side that started later"),
        .severity,
    ]
    /// Short overtalk is part of every conversation; only long overtalk calls for attention.
    static let alertPolicy: SignalDeclaration.AlertPolicy? = .reported(from: .alert)

    private let clock: CallClock
    private var run: EscalatingInterval
    private var by = TrackRole.inbound
    private var before = PerTrack(false)

    init(_ options: OvertalkOptions, context: SignalContext) {
        clock = context.clock
        run = EscalatingInterval(minimum: clock.steps(ms: options.minimumMs), alert: clock.steps(ms: options.alertMs))
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        let isBoth = step.isSpeech.inbound && step.isSpeech.outbound
        // A side that was already speaking did not start later; if both start together, `by` is the caller.
        if isBoth && run.start == nil { by = before.inbound ? .outbound : .inbound }
        before = step.isSpeech
        let change = run.step(step.number, holds: isBoth)
        report(change, emit: emit)
    }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {
        let change = run.finish(at: last.number + 1)
        report(change, emit: emit)
        before = PerTrack(false)
    }

    private func report(_ change: IntervalDetector.Change?, emit: (Signal) -> Void) {
        guard let change else { return }
        emit(change.signal(Self.name, clock: clock, values: [Signal.Entry("by", .text(by.rawValue)), run.severity]))
    }
}

/// Options of `overtalk`.
struct OvertalkOptions: SignalOptions, Equatable {
    var minimumMs = 200
    var alertMs = 3_000

    static let fields: [Setting<Self>] = [
        Setting("overtalk_ms", \.minimumMs, in: 10...10_000, "Minimum overlap, in milliseconds."),
        Setting(
            "overtalk_alert_ms", \.alertMs, in: 10...60_000,
            "Overlap from which the severity is alert, in milliseconds."),
    ]
}
