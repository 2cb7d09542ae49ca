import SidetoneModel

/// The time from one side's last speech to the other's first (the floor-transfer offset).
///
/// A moment, reported when the answering side has the floor; `track` is the answering side. `latency_s` is negative
/// when it started before the other had ended; the moment then spans the overlap. The mean over ten languages is about
/// 0.2 s (Stivers et al., PNAS 106(26), 2009; Levinson and Torreira, 2015, PMC4464110).
struct ResponseLatencySignal: CallSignal {
    static let name = "response.latency"
    static let summary = "from one side's last speech to the other's first; negative when they overlap"
    static let reference = "floor-transfer offset, Levinson and Torreira 2015 (PMC4464110)"
    static let form = SignalDeclaration.Form.moment
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("latency_s", .number(), "in seconds; negative when they overlap")
    ]
    static let readsFloorOnly = true

    private let clock: CallClock

    init(_ options: NoOptions, context: SignalContext) { clock = context.clock }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        guard let turn = step.floor.taken, let end = turn.previousEnd else { return }
        emit(
            Signal(
                Self.name, .moment, track: turn.role, start: clock.seconds(min(turn.start, end)),
                end: clock.seconds(max(turn.start, end)),
                values: [Signal.Entry("latency_s", .number(clock.duration(turn.start - end)))]))
    }
}
