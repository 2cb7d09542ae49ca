import SidetoneModel

/// One side starts to speak during the other's speech and takes the floor.
///
/// A moment, from the start of the newcomer's speech to the end of the other's; `track` is the interrupting side,
/// `overlap_s` the duration of simultaneous speech. It exceeds `interruption_ms` (0.5 s): shorter overlap is normal
/// turn-taking (the limit of AWS Contact Lens, Revenue.io and call-ai-metrics).
struct InterruptionSignal: CallSignal {
    static let name = "interruption"
    static let summary = "one side starts during the other's speech and takes the floor"
    static let reference = "over 0.5 s of overlap: AWS Contact Lens, Revenue.io, call-ai-metrics"
    static let form = SignalDeclaration.Form.moment
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("overlap_s", .number(), "how long both spoke, in seconds")
    ]
    static let readsFloorOnly = true

    private let clock: CallClock
    private let minimum: Int64

    init(_ options: InterruptionOptions, context: SignalContext) {
        clock = context.clock
        minimum = clock.steps(ms: options.minimumMs)
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        guard let turn = step.floor.taken, turn.overlap > minimum else { return }
        let end = turn.previousEnd ?? turn.start + turn.overlap
        emit(
            Signal(
                Self.name, .moment, track: turn.role, start: clock.seconds(turn.start), end: clock.seconds(end),
                values: [Signal.Entry("overlap_s", .number(clock.duration(turn.overlap)))]))
    }
}

/// Options of `interruption`.
struct InterruptionOptions: SignalOptions, Equatable {
    var minimumMs = 500

    static let fields: [Setting<Self>] = [
        Setting(
            "interruption_ms", \.minimumMs, in: 0...5_000,
            "Overlap above which a newcomer who takes the floor has interrupted, in milliseconds.")
    ]
}
