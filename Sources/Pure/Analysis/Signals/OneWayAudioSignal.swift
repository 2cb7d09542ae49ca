import SidetoneModel

/// A track is dead while the other side speaks: this side cannot be heard.
///
/// Reported once the other side has spoken for `one_way_ms` (5 s) in total into a dead stretch of the track, as defined
/// by `DeadLineDetector`; the interval is that stretch. `fill` is zeros or noise.
struct OneWayAudioSignal: CallSignal {
    static let name = "one_way_audio"
    static let summary = "a track carries zeros or comfort noise only, while the other side speaks"
    static let reference = "our own: 5 s of speech into a dead line"
    static let form = SignalDeclaration.Form.interval
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("fill", .word(["zeros", "noise"]), "what the track carries instead")
    ]
    static let alertPolicy: SignalDeclaration.AlertPolicy? = .always(.alert)
    static let features = ["line", "speech"]

    private struct Side {
        var start: Int64?
        var last: Int64 = 0
        var heard: Int64 = 0
        var isReported = false
        var fill = "zeros"
    }

    private let clock: CallClock
    private let minimum: Int64
    private var sides = PerTrack(Side())

    init(_ options: OneWayOptions, context: SignalContext) {
        clock = context.clock
        minimum = clock.steps(ms: options.minimumMs)
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let sound = step.sounds[role]
            if sides[role].start != sound.deadSince {
                close(role, emit: emit)
                sides[role].start = sound.deadSince
            }
            guard let start = sides[role].start else { continue }
            sides[role].last = sound.deadLast
            if step.isSpeech[role.other] { sides[role].heard += 1 }
            guard !sides[role].isReported, sides[role].heard >= minimum else { continue }
            sides[role].isReported = true
            sides[role].fill = sound.isZero ? "zeros" : "noise"
            emit(Signal(Self.name, .started, track: role, start: clock.seconds(start), values: values(role)))
        }
    }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both { close(role, emit: emit) }
    }

    private func values(_ role: TrackRole) -> [Signal.Entry] { [Signal.Entry("fill", .text(sides[role].fill))] }

    private mutating func close(_ role: TrackRole, emit: (Signal) -> Void) {
        if let start = sides[role].start, sides[role].isReported {
            emit(
                Signal(
                    Self.name, .ended, track: role, start: clock.seconds(start),
                    end: clock.seconds(sides[role].last + 1), values: values(role)))
        }
        sides[role] = Side()
    }
}

/// Options of `one_way_audio`.
struct OneWayOptions: SignalOptions, Equatable {
    var minimumMs = 5_000

    static let fields: [Setting<Self>] = [
        Setting(
            "one_way_ms", \.minimumMs, in: 500...600_000,
            "Minimum duration of the other side's speech into a dead line, in milliseconds.")
    ]
}
