import SidetoneModel

/// One side speaks briefly during the other's speech without taking the floor: "mhm", "I see".
///
/// A moment, from the start to the end of the brief speech; `track` is the side that spoke. Shorter than
/// `backchannel_ms` (1 s), the limit used by the program call-ai-metrics and by Revenue.io's talk analysis.
struct BackchannelSignal: CallSignal {
    static let name = "backchannel"
    static let summary = "brief speech during the other's speech, without taking the floor"
    static let reference = "under 1 s: Revenue.io, call-ai-metrics"
    static let form = SignalDeclaration.Form.moment
    static let readsFloorOnly = true

    private let clock: CallClock

    init(_ options: BackchannelOptions, context: SignalContext) { clock = context.clock }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) { report(step.floor, emit: emit) }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) { report(last.floor, emit: emit) }

    private func report(_ floor: TurnChange, emit: (Signal) -> Void) {
        guard let talk = floor.backchannel else { return }
        emit(
            Signal(
                Self.name, .moment, track: talk.role, start: clock.seconds(talk.start), end: clock.seconds(talk.end)))
    }
}

/// Options of `backchannel`.
struct BackchannelOptions: SignalOptions, Equatable {
    var maximumMs = 1_000

    static let fields: [Setting<Self>] = [
        Setting(
            "backchannel_ms", \.maximumMs, in: 100...5_000,
            "Backchannels are shorter than this, in milliseconds; longer speech takes the floor once the other stops.")
    ]
}
