import SidetoneModel

/// Nobody speaks; music, tones and digits are not silence.
///
/// Reported from `silence_ms` (3 s, the non-talk time of AWS Contact Lens). Once reported, a talk spurt shorter than
/// `silence_break_ms` (300 ms: a cough, a click, a breath) does not end it.
struct SilenceSignal: CallSignal {
    static let name = "silence"
    static let summary = "nobody speaks, and no music, tone or digit sounds"
    static let reference = "3 s: non-talk time of AWS Contact Lens"
    static let form = SignalDeclaration.Form.interval
    static let subject = SignalDeclaration.Subject.call
    static let features = ["dtmf", "music", "speech", "tone"]

    private let clock: CallClock
    private var run: IntervalDetector

    init(_ options: SilenceOptions, context: SignalContext) {
        clock = context.clock
        run = IntervalDetector(minimum: clock.steps(ms: options.minimumMs), bridge: clock.steps(ms: options.breakMs))
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
        emit(change.signal(Self.name, clock: clock))
    }
}

/// Options of `silence`.
struct SilenceOptions: SignalOptions, Equatable {
    var minimumMs = 3_000
    var breakMs = 300

    static let fields: [Setting<Self>] = [
        Setting(
            "silence_ms", \.minimumMs, in: 100...600_000,
            "Time without speech after which silence is reported, in milliseconds."),
        Setting(
            "silence_break_ms", \.breakMs, in: 0...5_000,
            "Minimum speech that ends a reported silence or dead air, in milliseconds."),
    ]
}
