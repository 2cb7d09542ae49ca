import SidetoneModel

/// Both sides speak.
///
/// Told from `overtalk_ms` (200 ms) on: shorter overlap belongs to ordinary changes of turns. `by` is who began later.
/// After `overtalk_alert_ms` (3 s) it is told as started once more, with `severity` alert.
struct OvertalkSignal: CallSignal {
    static let name = "overtalk"
    static let summary = "both sides speak"
    static let reference = "ours: 200 ms, alert after 3 s"

    private let clock: CallClock
    private let alert: Int64
    private var run: Run
    private var isAlert = false
    private var by = TrackRole.inbound
    private var before = PerTrack(false)

    init(_ options: OvertalkOptions, _ context: SignalContext) {
        clock = context.clock
        run = Run(minimum: clock.steps(ms: options.minimumMs))
        alert = clock.steps(ms: options.alertMs)
    }

    mutating func step(_ step: borrowing CallStep, _ emit: (Signal) -> Void) {
        let isBoth = step.isSpeech.inbound && step.isSpeech.outbound
        // Who spoke already did not come in later; of two who begin together, the caller did.
        if isBoth && run.start == nil { by = before.inbound ? .outbound : .inbound }
        before = step.isSpeech
        let change = run.step(step.number, isBoth)
        tell(change, emit)
        guard run.isTold, !isAlert, let start = run.start, step.number + 1 - start >= alert else { return }
        isAlert = true
        emit(Signal(Self.name, .started, start: clock.seconds(start), values: values))
    }

    mutating func finish(_ last: borrowing CallStep, _ emit: (Signal) -> Void) {
        let change = run.finish(at: last.number + 1)
        tell(change, emit)
        before = PerTrack(false)
    }

    private var values: [Signal.Entry] {
        [Signal.Entry("by", .text(by.rawValue)), Signal.Entry("severity", .text(isAlert ? "alert" : "warn"))]
    }

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

/// What makes overtalk.
struct OvertalkOptions: SignalOptions, Equatable {
    var minimumMs = 200
    var alertMs = 3_000

    static let fields: [Setting<Self>] = [
        Setting("overtalk_ms", \.minimumMs, in: 10...10_000, "How long both must speak, in milliseconds."),
        Setting(
            "overtalk_alert_ms", \.alertMs, in: 10...60_000,
            "How long both must speak for severity alert, in milliseconds."),
    ]
}
