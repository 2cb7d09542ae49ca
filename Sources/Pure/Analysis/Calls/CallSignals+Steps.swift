public import SidetoneModel

extension CallSignals {
    /// Media that the receiver reports as lost.
    struct Loss {
        var step: Int64
        var ms: Double
    }

    /// How many reports of a track may wait for the clock; further ones count with the last.
    private static let waitingLosses = 256

    /// Takes what the receiver found: the time of a `media.gap` counts towards `packet_loss` and the totals.
    public mutating func take(_ fact: Signal) {
        guard fact.name == "media.gap", let role = fact.track, let end = fact.end, end > fact.start else { return }
        meter.add(gapMs: (end - fact.start) * 1000, role)
        let loss = Loss(step: Int64(((end - clock.offset) / clock.hop).rounded(.down)), ms: (end - fact.start) * 1000)
        if losses[role].count < Self.waitingLosses {
            losses[role].append(loss)
        } else {
            losses[role][Self.waitingLosses - 1].ms += loss.ms
        }
    }

    /// What was lost up to a step, and not told before.
    private mutating func lost(_ role: TrackRole, _ number: Int64) -> Double {
        var ms = 0.0
        while let first = losses[role].first, first.step <= number {
            ms += first.ms
            losses[role].removeFirst()
        }
        return ms
    }

    /// The columns that the call itself reads, in the places where a step keeps them.
    enum Shared {
        static let names = ["speech_probability", "level_dbfs", "tone_code", "dtmf_code", "line_stability"]
        static let probability = 0
        static let level = 1
        static let tone = 2
        static let dtmf = 3
        static let stability = 4
    }

    /// The columns that are empty where no feature gives them.
    static let optional: Set<String> = ["f0_hz"]

    /// The columns that a step keeps: of the detector first, then what the signals read.
    static let columns: [String] = {
        var names = Shared.names
        for columns in [TotalsMeter.columns] + SignalCatalog.all.map({ $0.columns }) {
            for name in columns where !names.contains(name) { names.append(name) }
        }
        return names
    }()

    static func make<Kind: CallSignal>(_ kind: Kind.Type, _ context: SignalContext) -> any CallSignal {
        Kind(context.settings.options(Kind.Options.self), context)
    }

    /// Starts the clock once every open track has given a row or is over, or one leads too far.
    mutating func begin() {
        var first = Int64.max
        var isWaiting = false
        var isFar = false
        for role in TrackRole.both {
            guard let track = progress[role] else { continue }
            guard let start = track.firstStep else {
                isWaiting = isWaiting || !track.isOver
                continue
            }
            first = min(first, start)
            isFar = isFar || track.newestStep - start >= lead
        }
        guard first != .max, !isWaiting || isFar else { return }
        nextStep = first
        nextDecided = first
        let line = SpeechLine(settings.detect, threshold: threshold, clock: clock, first: first)
        lines = PerTrack(line)
    }

    /// Takes the next step of the rows: tells what they alone say, then what they decide.
    mutating func take(_ number: Int64, _ emit: (Signal) -> Void) {
        hear(number, emit)
        for role in TrackRole.both {
            let probability = rows.isPresent[role] ? rows.value(Shared.probability, role) : nil
            if probability == nil, let track = progress[role], !track.isOver, !track.hasDecided(number) {
                stepsWithoutTrack += 1
            }
            // A digit is nobody's speech, whatever a detector makes of it.
            let digit = rows.value(Shared.dtmf, role)
            let change = lines?[role].process(digit > 0 ? 0 : probability ?? 0)
            Self.tell(change, role, clock, knownBy: number, emit)
        }
        nextStep = number + 1
        decide(knownBy: number, emit)
    }

    /// Gives a step to the signals that need nothing but its rows.
    private mutating func hear(_ number: Int64, _ emit: (Signal) -> Void) {
        rows.number = number
        for role in TrackRole.both {
            rows.isPresent[role] = Self.copy(progress[role], tracks[role], role, number, to: &rows)
            rows.sounds[role] = sounds[role].step(
                number, toneCode: rows.value(Shared.tone, role), dtmfCode: rows.value(Shared.dtmf, role),
                stability: rows.value(Shared.stability, role), levelDBFS: rows.value(Shared.level, role))
            rows.lostMs[role] = lost(role, number)
        }
        heard[Int(number) & (heard.count - 1)] = rows.sounds
        let clock = clock
        Self.give(rows, to: &signals, ofRows) { emit($0.known(by: number, clock)) }
    }

    // Static: in a method, the step would be copied for each signal, because both are parts of the call.
    private static func give(
        _ step: borrowing CallStep, to signals: inout [any CallSignal], _ chosen: [Int], _ emit: (Signal) -> Void
    ) {
        for index in chosen { signals[index].step(step, emit) }
    }

    /// Puts a track's row of a step in place; false, and not-a-number, where there is none.
    private static func copy(
        _ progress: TrackProgress?, _ rows: TrackRows?, _ role: TrackRole, _ number: Int64, to step: inout CallStep
    ) -> Bool {
        guard let progress, let rows else { return false }
        return rows.copy(progress.row(ofStep: number), to: &step.values, at: role.index * step.width)
    }

    /// Gives every step that is decided to the signals that wait for it.
    ///
    /// - Parameter last: the step whose rows decided them; nil where the call's end did.
    private mutating func decide(knownBy last: Int64?, _ emit: (Signal) -> Void) {
        guard let inbound = lines?.inbound.decided, let outbound = lines?.outbound.decided else { return }
        let decided = min(inbound, outbound)
        while nextDecided < decided {
            let number = nextDecided
            step.number = number
            step.sounds = heard[Int(number) & (heard.count - 1)]
            for role in TrackRole.both {
                step.isSpeech[role] = lines?[role].isSpeech(number) ?? false
                step.isPresent[role] = Self.copy(progress[role], tracks[role], role, number, to: &step)
                sounds[role].follow(
                    number, isSpeech: step.isSpeech[role], levelDBFS: step.value(Shared.level, role),
                    &step.sounds[role])
            }
            step.isSilence =
                !step.isSpeech.inbound && !step.isSpeech.outbound && step.sounds.inbound.isQuiet
                && step.sounds.outbound.isQuiet
            step.floor = floor.step(number, step.isSpeech)
            meter.step(step)
            let clock = clock
            Self.give(step, to: &signals, step.floor.isEmpty ? ofEveryStep : ofSpeech) {
                emit($0.known(by: last, clock))
            }
            nextDecided += 1
        }
    }

    /// The call is over: decides what is open and closes it.
    mutating func close(_ emit: (Signal) -> Void) {
        guard lines != nil else { return }
        for role in TrackRole.both {
            let change = lines?[role].finish()
            Self.tell(change, role, clock, knownBy: nil, emit)
        }
        decide(knownBy: nil, emit)
        step.floor = floor.finish()
        for role in TrackRole.both { step.sounds[role] = sounds[role].finish(at: nextDecided) }
        meter.finish(step)
        for index in signals.indices { signals[index].finish(step, emit) }
        progress = PerTrack(nil)
        tracks = PerTrack(nil)
        lines = nil
        nextStep = nil
        sounds = PerTrack(TrackSounds(clock: clock))
        rows = CallStep(width: columns.count)
        step = CallStep(width: columns.count)
    }

    // Static: a method would copy the call to read its clock while a line of it is being changed.
    private static func tell(
        _ change: TalkSpurts.Change?, _ role: TrackRole, _ clock: CallClock, knownBy step: Int64?,
        _ emit: (Signal) -> Void
    ) {
        guard let change else { return }
        let signal =
            switch change {
            case .started(let first): Signal("speech", .started, track: role, start: clock.seconds(first))
            case .ended(let first, let last):
                Signal("speech", .ended, track: role, start: clock.seconds(first), end: clock.seconds(last + 1))
            }
        emit(signal.known(by: step, clock))
    }
}

extension Signal {
    /// The signal with the end of a step as its evidence; nil: the call's end told it.
    fileprivate func known(by step: Int64?, _ clock: CallClock) -> Signal {
        var signal = self
        signal.evidence = step.map { clock.seconds($0 + 1) }
        return signal
    }
}
