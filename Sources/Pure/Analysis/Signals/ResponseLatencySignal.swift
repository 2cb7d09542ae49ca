import SidetoneModel

/// How long one side waits before it answers: from the other's last speech to its own first (the floor-transfer offset).
///
/// A moment, told when the answering side has the floor; `track` is who answers. `latency_s` is negative when it began
/// before the other had ended; then the moment spans the overlap. People answer after about 0.2 s in the mean over ten
/// languages (Stivers et al., PNAS 106(26), 2009; Levinson and Torreira, 2015, PMC4464110).
struct ResponseLatencySignal: CallSignal {
    static let name = "response.latency"
    static let summary = "from one side's last speech to the other's first; negative when they overlap"
    static let reference = "floor-transfer offset, Levinson and Torreira 2015 (PMC4464110)"
    static let readsFloorOnly = true

    private let clock: CallClock

    init(_ options: NoOptions, _ context: SignalContext) { clock = context.clock }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        guard let turn = step.floor.taken, let end = turn.previousEnd else { return }
        emit(
            Signal(
                Self.name, .moment, track: turn.role, start: clock.seconds(min(turn.start, end)),
                end: clock.seconds(max(turn.start, end)),
                values: [Signal.Entry("latency_s", .number(clock.duration(turn.start - end)))]))
    }
}
