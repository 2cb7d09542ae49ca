public import SidetoneModel

/// Merges the rows of a call's tracks on the call clock and gives the call's signals.
///
/// The order in which the tracks' rows arrive does not matter: a step of the clock is taken when every open track has
/// given its row or is over. So that memory stays bounded, a track that leads by more than `lead_ms` is not held up any
/// longer; such steps are counted in `stepsWithoutTrack`. A track that opens after the call's first row joins where the
/// clock stands; its rows from before are counted in `lateRows`.
///
/// What a signal says is deterministic, and signals leave in the order in which they become known.
public struct CallSignals {
    /// Steps of the clock that were taken without the row of an open track, because the other one led too far.
    public private(set) var stepsWithoutTrack: Int64 = 0
    /// Rows that came after their step was taken.
    public private(set) var lateRows: Int64 = 0

    /// What the call adds up to so far.
    public var totals: CallTotals { meter.totals }

    private let settings: AnalysisSettings
    private let clock: CallClock
    private let columns: [String]
    private let lead: Int64
    private let delay: Int
    private var signals: [any CallSignal]
    private var tracks: [TrackRows?] = [nil, nil]
    private var lines: [SpeechLine] = []
    private var sounds: [TrackSounds]
    private var losses: [[Loss]] = [[], []]
    private var meter: TotalsMeter
    private var floor: Floor
    private var step: CallStep
    /// The next step to take of the rows; nil before the first row.
    private var nextStep: Int64?
    /// The next step to give to the signals, which is behind by what onset and hangover have not decided.
    private var nextDecided: Int64 = 0
    private let threshold: Float

    /// The features whose columns the signals read; they are measured even where no sink shows them.
    public static func features(for settings: AnalysisSettings) -> [String] {
        ["dtmf", "level", "line", "music", "speech", "tone"]
    }

    public init(settings: AnalysisSettings) {
        self.settings = settings
        clock = CallClock(windowMs: settings.windowMs, hopMs: settings.hopMs)
        let columns = Self.columns
        self.columns = columns
        let clock = clock
        lead = clock.steps(ms: settings.signals.options(CallClockOptions.self).leadMs)
        delay = SpeechLine.delay(settings.detect, clock)
        threshold = SpeechDetectorCatalog.named(settings.detect.vad)?.threshold ?? 0.5
        let context = SignalContext(clock: clock, settings: settings.signals, columns: columns)
        signals = SignalCatalog.all.map { Self.make($0, context) }
        meter = TotalsMeter(context)
        floor = Floor(
            pause: clock.steps(ms: settings.signals.options(TurnOptions.self).pauseMs),
            backchannel: clock.steps(ms: settings.signals.options(BackchannelOptions.self).maximumMs))
        step = CallStep(width: columns.count)
        sounds = [TrackSounds(clock: clock), TrackSounds(clock: clock)]
    }

    /// A track of the call exists: its rows follow.
    ///
    /// - Parameter columns: of the rows, with at least those of `features(for:)`.
    public mutating func open(_ role: TrackRole, grid: FrameGrid, columns: [Column]) throws(AnalysisError) {
        var places: [Int?] = []
        for name in self.columns {
            let place = columns.firstIndex { $0.name == name }
            guard place != nil || Self.optional.contains(name) else {
                throw AnalysisError(
                    .unknownName,
                    "the rows have no column \(name), which the signals read; measure \(Self.features(for: settings).joined(separator: ", "))"
                )
            }
            places.append(place)
        }
        tracks[role.index] = TrackRows(grid: grid, places: places, clock: clock, depth: Int(lead) + delay + 8)
    }

    /// Takes the next row of a track.
    ///
    /// - Parameters:
    ///   - row: the row's number; more than the track's last.
    ///   - values: shape `[columns]`.
    public mutating func process(_ role: TrackRole, row: Int64, _ values: Span<Float>, _ emit: (Signal) -> Void) {
        guard let track = tracks[role.index] else { return }
        let step = track.step(ofRow: row)
        if let nextStep, step < nextStep {
            lateRows += 1
            return
        }
        // Room first: what this row is too far ahead of goes on without the other track.
        while let nextStep, step - nextStep >= lead { take(nextStep, emit) }
        tracks[role.index]?.keep(row, values)
        advance(emit)
    }

    /// A track is over: no row of it follows. With the last open track the call is over, and open intervals are closed.
    public mutating func end(_ role: TrackRole, _ emit: (Signal) -> Void) {
        guard tracks[role.index] != nil else { return }
        tracks[role.index]?.end()
        advance(emit)
        guard tracks[0]?.isOver ?? true, tracks[1]?.isOver ?? true else { return }
        close(emit)
    }

    /// Takes every step that no row to come can change.
    private mutating func advance(_ emit: (Signal) -> Void) {
        if nextStep == nil { begin() }
        while let step = nextStep, step < newestStep, isDecided(step) { take(step, emit) }
    }

    /// One past the last step that any row speaks for.
    private var newestStep: Int64 {
        max(newest(tracks[0]), newest(tracks[1]))
    }

    private func newest(_ track: TrackRows?) -> Int64 {
        guard let track, let next = track.next else { return .min }
        return track.step(ofRow: next)
    }

    private func isDecided(_ step: Int64) -> Bool {
        (tracks[0]?.hasDecided(step) ?? true) && (tracks[1]?.hasDecided(step) ?? true)
    }
}

extension CallSignals {
    /// Media that the receiver reports as lost.
    private struct Loss {
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
        if losses[role.index].count < Self.waitingLosses {
            losses[role.index].append(loss)
        } else {
            losses[role.index][Self.waitingLosses - 1].ms += loss.ms
        }
    }

    /// What was lost up to a step, and not told before.
    private mutating func lost(_ role: TrackRole, _ number: Int64) -> Double {
        var ms = 0.0
        while let first = losses[role.index].first, first.step <= number {
            ms += first.ms
            losses[role.index].removeFirst()
        }
        return ms
    }

    /// The columns that the call itself reads, in the places where a step keeps them.
    private enum Shared {
        static let names = ["speech_probability", "level_dbfs", "tone_code", "dtmf_code", "line_stability"]
        static let level = 1
        static let tone = 2
        static let dtmf = 3
        static let stability = 4
    }

    /// The columns that are empty where no feature gives them.
    private static let optional: Set<String> = ["f0_hz"]

    /// The columns that a step keeps: of the detector first, then what the signals read.
    static let columns: [String] = {
        var names = Shared.names
        for columns in [TotalsMeter.columns] + SignalCatalog.all.map({ $0.columns }) {
            for name in columns where !names.contains(name) { names.append(name) }
        }
        return names
    }()

    private static func make<Kind: CallSignal>(_ kind: Kind.Type, _ context: SignalContext) -> any CallSignal {
        Kind(context.settings.options(Kind.Options.self), context)
    }

    /// Starts the clock once every open track has given a row or is over, or one leads too far.
    private mutating func begin() {
        var first = Int64.max
        var isWaiting = false
        var isFar = false
        for role in TrackRole.both {
            guard let track = tracks[role.index] else { continue }
            guard let start = track.firstStep else {
                isWaiting = isWaiting || !track.isOver
                continue
            }
            first = min(first, start)
            isFar = isFar || newest(track) - start >= lead
        }
        guard first != .max, !isWaiting || isFar else { return }
        nextStep = first
        nextDecided = first
        let line = SpeechLine(settings.detect, threshold: threshold, clock: clock, first: first)
        lines = [line, line]
    }

    /// Takes the next step of the rows, and gives the signals what it decides.
    private mutating func take(_ number: Int64, _ emit: (Signal) -> Void) {
        for role in TrackRole.both {
            let probability = tracks[role.index]?.value(step: number, column: 0)
            if probability == nil, let track = tracks[role.index], !track.isOver, !track.hasDecided(number) {
                stepsWithoutTrack += 1
            }
            // A digit is nobody's speech, whatever a detector makes of it.
            let digit = tracks[role.index]?.value(step: number, column: Shared.dtmf) ?? 0
            let change = lines[role.index].process(digit > 0 ? 0 : probability ?? 0)
            tell(change, role, emit)
        }
        nextStep = number + 1
        give(emit)
    }

    private mutating func give(_ emit: (Signal) -> Void) {
        let decided = min(lines[0].decided, lines[1].decided)
        while nextDecided < decided {
            let number = nextDecided
            step.number = number
            for role in TrackRole.both {
                step.isSpeech[role] = lines[role.index].isSpeech(number)
                step.isPresent[role] =
                    tracks[role.index]?.copy(step: number, to: &step.values, at: role.index * step.width) ?? false
            }
            for role in TrackRole.both {
                step.sounds[role] = sounds[role.index].step(
                    number, isSpeech: step.isSpeech[role], toneCode: step.value(Shared.tone, role),
                    dtmfCode: step.value(Shared.dtmf, role), stability: step.value(Shared.stability, role),
                    levelDBFS: step.value(Shared.level, role))
                step.lostMs[role] = lost(role, number)
            }
            step.isSilence =
                !step.isSpeech.inbound && !step.isSpeech.outbound && step.sounds.inbound.isQuiet
                && step.sounds.outbound.isQuiet
            step.floor = floor.step(number, step.isSpeech)
            meter.step(step)
            for index in signals.indices { signals[index].step(step, emit) }
            nextDecided += 1
        }
    }

    /// The call is over: decides what is open and closes it.
    private mutating func close(_ emit: (Signal) -> Void) {
        guard !lines.isEmpty else { return }
        for role in TrackRole.both {
            let change = lines[role.index].finish()
            tell(change, role, emit)
        }
        give(emit)
        step.floor = floor.finish()
        for role in TrackRole.both { step.sounds[role] = sounds[role.index].finish(at: nextDecided) }
        meter.finish(step)
        for index in signals.indices { signals[index].finish(step, emit) }
        tracks = [nil, nil]
        lines = []
        nextStep = nil
        sounds = [TrackSounds(clock: clock), TrackSounds(clock: clock)]
    }

    private func tell(_ change: TalkSpurts.Change?, _ role: TrackRole, _ emit: (Signal) -> Void) {
        guard let change else { return }
        switch change {
        case .started(let first):
            emit(Signal("speech", .started, track: role, start: clock.seconds(first)))
        case .ended(let first, let last):
            emit(Signal("speech", .ended, track: role, start: clock.seconds(first), end: clock.seconds(last + 1)))
        }
    }
}
