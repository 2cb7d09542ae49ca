import SidetoneModel

/// A tone of the network or of a fax terminal on a track: `kind` is dial, ringback, busy, reorder, sit, fax_cng, fax_ced,
/// answering_machine_beep or unknown.
///
/// Identified by frequency and cadence, as listed in `TonePlan`; an interval extends from the first burst to the last,
/// including pauses.
struct ToneSignal: CallSignal {
    static let name = "tone"
    static let summary =
        "a dial, ringback, busy, reorder, special information or fax tone, an answering machine's beep, or another steady tone"
    static let reference = "ITU-T E.180/Q.35, T.30; North American Precise Tone Plan"
    static let form = SignalDeclaration.Form.interval
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("kind", .word(ToneKind.allCases.map(\.rawValue)), "which tone")
    ]
    static let features = ["tone"]
    static let followsSpeech = false

    private let clock: CallClock

    init(_ options: NoOptions, context: SignalContext) { clock = context.clock }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) { report(step.sounds, emit: emit) }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) { report(last.sounds, emit: emit) }

    private func report(_ sounds: PerTrack<SoundChange>, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            switch sounds[role].toneChange {
            case .started(let kind, let start):
                emit(Signal(Self.name, .started, track: role, start: clock.seconds(start), values: values(kind)))
            case .ended(let kind, let start, let end):
                emit(
                    Signal(
                        Self.name, .ended, track: role, start: clock.seconds(start), end: clock.seconds(end),
                        values: values(kind)))
            case nil: break
            }
        }
    }

    private func values(_ kind: ToneKind) -> [Signal.Entry] { [Signal.Entry("kind", .text(kind.rawValue))] }
}
