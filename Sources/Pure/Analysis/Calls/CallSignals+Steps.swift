import SidetoneDSP
public import SidetoneModel

extension CallSignals {
    /// Processes a fact from the receiver: a `media.gap` counts towards the totals and, if its `cause` is lost, towards
    /// `packet_loss`. The silence that fills it is not counted as a loss again. Must precede the gap's rows.
    public mutating func handle(_ fact: Signal) {
        guard fact.name == "media.gap", let role = fact.track, let end = fact.end, end > fact.start else { return }
        meter.add(gapMs: (end - fact.start) * 1000, role)
        events[role].addGap(
            fact.start..<end, isLost: fact.values.contains(Signal.Entry("cause", .text("lost"))),
            step: Int64(((end - clock.offset) / clock.hop).rounded(.down)))
    }

    /// Handles a digit reported by the platform; it is reported at once, unless the track's audio already contained it.
    ///
    /// - Parameter seconds: the position of the call's media on the call clock.
    public mutating func handle(_ digit: WireDigit, at seconds: Double, emit: (Signal) -> Void) {
        let heard = HeardDigit(digit, at: seconds)
        for index in ofDigits { signals[index].handle(heard, emit: emit) }
    }

    /// The signal for a digit reported by the platform, for streams without call signals.
    public static func signal(of digit: WireDigit, at seconds: Double) -> Signal {
        DTMFSignal.signal(of: HeardDigit(digit, at: seconds))
    }

    /// The columns that the call itself reads, in the order in which a step stores them.
    enum Shared {
        /// The features that give them, and what `TrackSounds` follows besides.
        static let features = ["dtmf", "level", "line", "music", "speech", "tone"]
        static let names = [
            "speech_probability", "level_dbfs", "tone_code", "dtmf_code", "line_stability", "peak_dbfs", "zcr",
            "tone_hz",
        ]
        static let probability = 0
        static let level = 1
        static let tone = 2
        static let dtmf = 3
        static let stability = 4
        static let peak = 5
        static let crossings = 6
        static let toneHz = 7
    }

    /// Columns that are empty if no feature provides them.
    static let optional: Set<String> = ["f0_hz"]

    /// The columns stored per step: those of the detector first, then those that the signals read.
    static let columns: [String] = {
        var names = Shared.names
        for columns in [TotalsMeter.columns] + SignalCatalog.all.map({ $0.columns }) {
            for name in columns where !names.contains(name) { names.append(name) }
        }
        return names
    }()

    static func make<Kind: CallSignal>(_ kind: Kind.Type, context: SignalContext) -> any CallSignal {
        Kind(context.settings.options(Kind.Options.self), context: context)
    }

    /// Starts the clock once every open track has delivered a row or ended, or one leads too far.
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
        var lines = PerTrack(SpeechLine(settings.detect, threshold: thresholds.inbound, clock: clock, first: first))
        lines.outbound.threshold = thresholds.outbound
        self.lines = lines
    }

    /// Processes the next step of the rows: reports what follows from them alone, then what they decide.
    mutating func handle(_ number: Int64, emit: (Signal) -> Void) {
        deliver(number, emit: emit)
        for role in TrackRole.both {
            var probability = rows.isPresent[role] ? rows.value(Shared.probability, role: role) : nil
            // A digit is never speech, whatever a detector reports.
            if probability != nil, rows.value(Shared.dtmf, role: role) > 0 { probability = 0 }
            if probability == nil, let track = progress[role], !track.isOver, !track.hasDecided(number) {
                stepsWithoutTrack += 1
            }
            let change = lines?[role].process(probability ?? 0)
            Self.report(change, role: role, clock: clock, progress: progress, knownBy: number, emit: emit)
        }
        nextStep = number + 1
        decide(knownBy: number, emit)
    }

    /// Passes a step to the signals that depend on rows alone.
    private mutating func deliver(_ number: Int64, emit: (Signal) -> Void) {
        rows.number = number
        for role in TrackRole.both {
            rows.isPresent[role] = Self.copy(progress[role], rows: tracks[role], role: role, number: number, to: &rows)
            rows.sounds[role] = sounds[role].step(
                number, toneCode: rows.value(Shared.tone, role: role), toneHz: rows.value(Shared.toneHz, role: role),
                dtmfCode: rows.value(Shared.dtmf, role: role),
                stability: rows.value(Shared.stability, role: role), levelDBFS: rows.value(Shared.level, role: role))
            rows.lostMs[role] = events[role].drainLost(through: number)
            rows.emptyPackets[role] = events[role].drainEmptyPackets(through: number)
        }
        heard[Int(number) & (heard.count - 1)] = rows.sounds
        let (clock, progress) = (clock, progress)
        Self.emit(rows, to: &signals, chosen: ofRows) { emit($0.known(by: number, clock: clock, progress: progress)) }
        for role in TrackRole.both where events[role].hasDigits {
            emitDigits(of: role, through: number) { emit($0.known(by: number, clock: clock, progress: nil)) }
        }
    }

    /// Passes the digits that became known up to a step to the signals that handle them.
    private mutating func emitDigits(of role: TrackRole, through number: Int64, emit: (Signal) -> Void) {
        while let digit = events[role].nextDigit(through: number) {
            for index in ofDigits { signals[index].handle(digit, emit: emit) }
        }
    }

    // Static: in a method, the step would be copied for each signal, because both are stored in the call.
    private static func emit(
        _ step: borrowing CallStep, to signals: inout [any CallSignal], chosen: [Int], emit: (Signal) -> Void
    ) {
        for index in chosen { signals[index].step(step, emit: emit) }
    }

    /// Stores a track's row of a step; returns false, and stores not-a-number, if there is none.
    private static func copy(
        _ progress: TrackProgress?, rows: TrackRows?, role: TrackRole, number: Int64, to step: inout CallStep
    ) -> Bool {
        guard let progress, let rows else { return false }
        return rows.copy(progress.row(ofStep: number), to: &step.values, at: role.index * step.width)
    }

    /// The level of a step's row, with −96 for any kind of digital silence: A-law decodes its code word for 0 to ±8 of
    /// 32,768, which reads −72.2 dBFS.
    private static func lineLevel(_ step: borrowing CallStep, role: TrackRole) -> Float {
        let level = step.value(Shared.level, role: role)
        guard level < idleDBFS, step.value(Shared.crossings, role: role) == 0,
            step.value(Shared.peak, role: role) - level < 0.05
        else { return level }
        return Level.floor
    }

    /// Just above a constant ±8 of 32,768.
    private static let idleDBFS: Float = -72

    /// Passes every decided step to the signals that need final speech decisions.
    ///
    /// - Parameter last: the step whose rows decided them; nil if the end of the call did.
    private mutating func decide(knownBy last: Int64?, _ emit: (Signal) -> Void) {
        guard let inbound = lines?.inbound.decided, let outbound = lines?.outbound.decided else { return }
        let decided = min(inbound, outbound)
        while nextDecided < decided {
            let number = nextDecided
            step.number = number
            step.sounds = heard[Int(number) & (heard.count - 1)]
            for role in TrackRole.both {
                step.isSpeech[role] = lines?[role].isSpeech(number) ?? false
                step.isPresent[role] = Self.copy(
                    progress[role], rows: tracks[role], role: role, number: number, to: &step)
                sounds[role].track(
                    number, isSpeech: step.isSpeech[role], levelDBFS: Self.lineLevel(step, role: role),
                    sound: &step.sounds[role])
            }
            step.isSilence =
                !step.isSpeech.inbound && !step.isSpeech.outbound && step.sounds.inbound.isQuiet
                && step.sounds.outbound.isQuiet
            step.floor = floor.step(number, isSpeech: step.isSpeech)
            meter.step(step)
            let (clock, progress) = (clock, progress)
            Self.emit(step, to: &signals, chosen: step.floor.isEmpty ? ofEveryStep : ofSpeech) {
                emit($0.known(by: last, clock: clock, progress: progress))
            }
            nextDecided += 1
        }
    }

    /// Ends the call: decides and closes everything that is open.
    mutating func close(_ emit: (Signal) -> Void) {
        defer { restart() }
        for role in TrackRole.both { emitDigits(of: role, through: .max, emit: emit) }
        guard lines != nil else { return }
        for role in TrackRole.both {
            let change = lines?[role].finish()
            Self.report(change, role: role, clock: clock, progress: progress, knownBy: nil, emit: emit)
        }
        decide(knownBy: nil, emit)
        step.floor = floor.finish()
        for role in TrackRole.both { step.sounds[role] = sounds[role].finish(at: nextDecided) }
        meter.finish(step)
        let (clock, progress) = (clock, progress)
        for index in signals.indices {
            signals[index].finish(step) { emit($0.known(by: nil, clock: clock, progress: progress)) }
        }
    }

    /// Resets the tracks: everything that follows is measured anew.
    private mutating func restart() {
        progress = PerTrack(nil)
        tracks = PerTrack(nil)
        lines = nil
        nextStep = nil
        sounds = PerTrack(TrackSounds(clock: clock))
        rows = CallStep(width: columns.count)
        step = CallStep(width: columns.count)
        events = PerTrack(TrackEvents())
        signals = SignalCatalog.all.map { Self.make($0, context: context) }
    }

    // Static: a method would copy the call to read its clock while one of its lines is being modified.
    private static func report(
        _ change: TalkSpurts.Change?, role: TrackRole, clock: CallClock, progress: PerTrack<TrackProgress?>,
        knownBy step: Int64?, emit: (Signal) -> Void
    ) {
        guard let change else { return }
        let signal =
            switch change {
            case .started(let first): Signal("speech", .started, track: role, start: clock.seconds(first))
            case .ended(let first, let last):
                Signal("speech", .ended, track: role, start: clock.seconds(first), end: clock.seconds(last + 1))
            }
        emit(signal.known(by: step, clock: clock, progress: progress))
    }
}

extension Signal {
    /// The signal with the end of a step as `decidableAt`; nil if the end of the call decided it.
    ///
    /// - Parameter progress: the tracks' positions, which limit its end: a step may extend half a hop beyond the row
    ///   that represents it. Nil if its times are those of samples.
    fileprivate func known(by step: Int64?, clock: CallClock, progress: PerTrack<TrackProgress?>?) -> Signal {
        var signal = self
        signal.decidableAt = step.map { clock.seconds($0 + 1) }
        guard let progress else { return signal }
        let last = step ?? .max / 4
        let length = max(progress.inbound?.end(ofStep: last) ?? 0, progress.outbound?.end(ofStep: last) ?? 0)
        signal.start = max(0, min(start, length))
        signal.end = end.map { max(signal.start, min($0, length)) }
        return signal
    }
}
