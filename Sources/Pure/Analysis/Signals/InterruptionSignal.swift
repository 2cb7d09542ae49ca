import SidetoneModel

/// Somebody begins to speak during the other's speech and takes the floor.
///
/// A moment, from where the newcomer begins to where the other stops; `track` is who interrupted, `overlap_s` how long
/// both spoke. More than `interruption_ms` (0.5 s) of it: shorter is the overlap of an ordinary change of turns
/// (Contact Lens of AWS, Revenue.io and call-ai-metrics draw the line there).
struct InterruptionSignal: CallSignal {
    static let name = "interruption"
    static let summary = "somebody begins during the other's speech and takes the floor"
    static let reference = "over 0.5 s of overlap: AWS Contact Lens, Revenue.io, call-ai-metrics"
    static let readsFloorOnly = true

    private let clock: CallClock
    private let minimum: Int64

    init(_ options: InterruptionOptions, _ context: SignalContext) {
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

/// What makes an interruption.
struct InterruptionOptions: SignalOptions, Equatable {
    var minimumMs = 500

    static let fields: [Setting<Self>] = [
        Setting(
            "interruption_ms", \.minimumMs, in: 0...5_000,
            "How long both must speak, more than, for the newcomer to have interrupted, in milliseconds.")
    ]
}
