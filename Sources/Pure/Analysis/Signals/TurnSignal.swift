import SidetoneModel

/// One side's speech until the other takes the floor, including its own pauses.
///
/// See `TurnTracker` for the rules of taking the floor. A turn starts with its first talk spurt and ends with its last
/// speech before the other's turn, or before a pause longer than `turn_pause_ms` (3 s, the bridging documented by the
/// program call-ai-metrics). The newcomer's turn may start before the holder's ends.
struct TurnSignal: CallSignal {
    static let name = "turn"
    static let summary = "one side's speech until the other takes the floor, own pauses bridged"
    static let reference = "pauses up to 3 s bridged, as call-ai-metrics states"
    static let form = SignalDeclaration.Form.interval
    static let readsFloorOnly = true

    private let clock: CallClock

    init(_ options: TurnOptions, context: SignalContext) { clock = context.clock }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) { report(step.floor, emit: emit) }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) { report(last.floor, emit: emit) }

    private func report(_ floor: TurnChange, emit: (Signal) -> Void) {
        if let turn = floor.ended {
            emit(
                Signal(
                    Self.name, .ended, track: turn.role, start: clock.seconds(turn.start), end: clock.seconds(turn.end)
                ))
        }
        if let turn = floor.taken {
            emit(Signal(Self.name, .started, track: turn.role, start: clock.seconds(turn.start)))
        }
    }
}

/// Options of `turn`.
struct TurnOptions: SignalOptions, Equatable {
    var pauseMs = 3_000

    static let fields: [Setting<Self>] = [
        Setting("turn_pause_ms", \.pauseMs, in: 100...60_000, "Longest own pause within a turn, in milliseconds.")
    ]
}
