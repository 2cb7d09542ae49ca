import SidetoneModel

/// One side has probably put the other on hold: prolonged music, a tone or nothing at all on its track.
///
/// `cause` is music or tone after `hold_ms` (8 s), dead_side after `hold_dead_ms` (20 s) in which a side that has
/// spoken is dead (see `DeadLineDetector`), not counting the other side's speech. Pauses of up to 5 s in the music are
/// bridged. Music behind somebody who speaks at least half of the time is not a hold.
struct HoldSuspectedSignal: CallSignal {
    static let name = "hold_suspected"
    static let summary = "prolonged music, a tone or a dead line on a track"
    static let reference = "our own: 8 s; dead side 20 s"
    static let form = SignalDeclaration.Form.interval
    static let values: [SignalDeclaration.Value] = [
        SignalDeclaration.Value("cause", .word(Cause.allCases.map(\.rawValue)), "what suggests the hold")
    ]
    static let alertPolicy: SignalDeclaration.AlertPolicy? = .always(.warn)
    static let features = ["line", "music", "speech", "tone"]

    static let bridgeMs = 5_000

    private enum Cause: String, CaseIterable {
        case music, tone
        case deadSide = "dead_side"
    }

    private struct Stretch {
        var start: Int64?
        /// One past the last step known to belong to it, once its cause has ceased.
        var end: Int64?
        var isReported = false
        /// Steps of the track's own speech in it.
        var speech: Int64 = 0
    }

    private let clock: CallClock
    private let minimum: Int64
    private let deadMinimum: Int64
    private let bridge: Int64
    private var music = PerTrack(Stretch())
    private var tone = PerTrack(Stretch())
    private var dead = PerTrack(Stretch())
    private var deadQuiet = PerTrack<Int64>(0)

    init(_ options: HoldOptions, context: SignalContext) {
        clock = context.clock
        minimum = clock.steps(ms: options.minimumMs)
        deadMinimum = clock.steps(ms: options.deadMs)
        bridge = clock.steps(ms: Self.bridgeMs)
    }

    mutating func step(_ step: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let sound = step.sounds[role]
            if music[role].start != nil && step.isSpeech[role] { music[role].speech += 1 }
            followMusic(sound.musicChange, role: role, number: step.number, emit: emit)
            followTone(sound.toneChange, role: role, number: step.number, emit: emit)
            followDead(sound, role: role, step: step, emit: emit)
        }
    }

    mutating func finish(_ last: borrowing CallStep, emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let sound = last.sounds[role]
            if case .ended(_, let end) = sound.musicChange { music[role].end = end }
            if case .ended(_, _, let end) = sound.toneChange { tone[role].end = end }
            close(&music[role], cause: .music, role: role, emit: emit)
            close(&tone[role], cause: .tone, role: role, emit: emit)
            dead[role].end = sound.deadLast + 1
            close(&dead[role], cause: .deadSide, role: role, emit: emit)
        }
    }

    private mutating func followMusic(
        _ change: MusicSpan.Change?, role: TrackRole, number: Int64, emit: (Signal) -> Void
    ) {
        switch change {
        case .started(let start):
            if music[role].start == nil { music[role].start = start }
            music[role].end = nil
        case .ended(_, let end): music[role].end = end
        case nil: break
        }
        if let end = music[role].end {
            if number - end >= bridge { close(&music[role], cause: .music, role: role, emit: emit) }
        } else {
            report(&music[role], cause: .music, role: role, at: number, emit: emit)
        }
    }

    private mutating func followTone(
        _ change: ToneCadence.Change?, role: TrackRole, number: Int64, emit: (Signal) -> Void
    ) {
        switch change {
        case .started(_, let start): tone[role] = Stretch(start: start)
        case .ended(_, _, let end):
            tone[role].end = end
            close(&tone[role], cause: .tone, role: role, emit: emit)
        case nil: report(&tone[role], cause: .tone, role: role, at: number, emit: emit)
        }
    }

    private mutating func followDead(
        _ sound: SoundChange, role: TrackRole, step: borrowing CallStep, emit: (Signal) -> Void
    ) {
        let start = sound.hasSpoken ? sound.deadSince : nil
        if dead[role].start != start {
            close(&dead[role], cause: .deadSide, role: role, emit: emit)
            dead[role].start = start
            deadQuiet[role] = 0
        }
        guard start != nil else { return }
        dead[role].end = sound.deadLast + 1
        if !step.isSpeech[role.other] { deadQuiet[role] += 1 }
        guard !dead[role].isReported, deadQuiet[role] >= deadMinimum else { return }
        begin(&dead[role], cause: .deadSide, role: role, emit: emit)
    }

    private func report(
        _ stretch: inout Stretch, cause: Cause, role: TrackRole, at number: Int64, emit: (Signal) -> Void
    ) {
        guard let start = stretch.start, !stretch.isReported, number + 1 - start >= minimum,
            2 * stretch.speech < number + 1 - start
        else { return }
        begin(&stretch, cause: cause, role: role, emit: emit)
    }

    private func begin(_ stretch: inout Stretch, cause: Cause, role: TrackRole, emit: (Signal) -> Void) {
        guard let start = stretch.start else { return }
        stretch.isReported = true
        emit(Signal(Self.name, .started, track: role, start: clock.seconds(start), values: values(cause)))
    }

    private func close(_ stretch: inout Stretch, cause: Cause, role: TrackRole, emit: (Signal) -> Void) {
        if let start = stretch.start, let end = stretch.end, stretch.isReported {
            emit(
                Signal(
                    Self.name, .ended, track: role, start: clock.seconds(start), end: clock.seconds(end),
                    values: values(cause)))
        }
        stretch = Stretch()
    }

    private func values(_ cause: Cause) -> [Signal.Entry] { [Signal.Entry("cause", .text(cause.rawValue))] }
}

/// Options of `hold_suspected`.
struct HoldOptions: SignalOptions, Equatable {
    var minimumMs = 8_000
    var deadMs = 20_000

    static let fields: [Setting<Self>] = [
        Setting("hold_ms", \.minimumMs, in: 1_000...600_000, "Minimum duration of music or a tone, in milliseconds."),
        Setting(
            "hold_dead_ms", \.deadMs, in: 1_000...600_000,
            "Minimum dead time of a side that has spoken, in milliseconds."),
    ]
}
