import SidetoneModel

/// One side holds the floor for long: a turn of at least `monologue_ms` (60 s, as in call-ai-metrics).
struct MonologueSignal: CallSignal {
    static let name = "monologue"
    static let summary = "one side holds the floor for long"
    static let reference = "60 s: call-ai-metrics"
    static let form = SignalDeclaration.Form.interval

    private let clock: CallClock
    private let minimum: Int64
    private var turn: TurnChange.Taken?
    private var isReported = false

    init(_ options: MonologueOptions, context: SignalContext) {
        clock = context.clock
        minimum = clock.steps(ms: options.minimumMs)
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        close(step.floor, emit: emit)
        if let taken = step.floor.taken { turn = taken }
        // A pause that may turn out to be the turn's end does not extend it.
        guard let turn, !isReported, step.isSpeech[turn.role], step.number + 1 - turn.start >= minimum else { return }
        isReported = true
        emit(Signal(Self.name, .started, track: turn.role, start: clock.seconds(turn.start)))
    }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) { close(last.floor, emit: emit) }

    private mutating func close(_ floor: TurnChange, emit: (Signal) -> Void) {
        guard let ended = floor.ended else { return }
        if isReported {
            emit(
                Signal(
                    Self.name, .ended, track: ended.role, start: clock.seconds(ended.start),
                    end: clock.seconds(ended.end)))
        }
        turn = nil
        isReported = false
    }
}

/// Options of `monologue`.
struct MonologueOptions: SignalOptions, Equatable {
    var minimumMs = 60_000

    static let fields: [Setting<Self>] = [
        Setting("monologue_ms", \.minimumMs, in: 1_000...3_600_000, "Minimum duration of the turn, in milliseconds.")
    ]
}
