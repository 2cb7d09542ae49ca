public import SidetoneModel

/// Merges the rows of a call's tracks on the call clock and gives the call's signals.
///
/// The order in which the tracks' rows arrive does not matter: a step of the clock is taken when every open track has
/// given its row or is over. So that memory stays bounded, a track that leads by more than `max_track_skew_ms` is not held up any
/// longer; such steps are counted in `stepsWithoutTrack`. A track that opens after the call's first row joins where the
/// clock stands; its rows from before are counted in `lateRows`.
///
/// What a signal says is deterministic, and signals leave in the order in which they become known.
public struct CallSignals {
    /// Steps of the clock that were taken without the row of an open track, because the other one led too far.
    public internal(set) var stepsWithoutTrack: Int64 = 0
    /// Rows that came after their step was taken.
    public private(set) var lateRows: Int64 = 0

    /// What the call adds up to so far.
    public var totals: CallTotals { meter.totals }

    let settings: AnalysisSettings
    let clock: CallClock
    let columns: [String]
    let context: SignalContext
    let lead: Int64
    let delay: Int
    var signals: [any CallSignal]
    /// The signals that rows alone make: they are given a step at once.
    let ofRows = SignalCatalog.all.indices.filter { !SignalCatalog.all[$0].followsSpeech }
    /// The signals that wait for what onset and hangover decide of a step.
    let ofSpeech = SignalCatalog.all.indices.filter { SignalCatalog.all[$0].followsSpeech }
    /// Those of them that are given the steps, too, at which nothing becomes of the floor.
    let ofEveryStep = SignalCatalog.all.indices.filter {
        SignalCatalog.all[$0].followsSpeech && !SignalCatalog.all[$0].readsFloorOnly
    }
    /// Those that hear digits.
    let ofDigits = SignalCatalog.all.indices.filter { SignalCatalog.all[$0].hearsDigits }
    /// Of the tracks that are open: how far they are, and what their rows hold.
    var progress = PerTrack<TrackProgress?>(nil)
    var tracks = PerTrack<TrackRows?>(nil)
    /// Nil before the clock has started.
    var lines: PerTrack<SpeechLine>?
    var sounds: PerTrack<TrackSounds>
    /// What sounded at the steps that are not decided yet: a ring, a power of two of them.
    var heard: [PerTrack<SoundChange>]
    /// What happened once on a track and waits for the clock.
    var events = PerTrack(TrackEvents())
    var meter: TotalsMeter
    var floor: TurnTracker
    /// The step that is taken, of which only the rows are known.
    var rows: CallStep
    /// The step that is decided.
    var step: CallStep
    /// The next step to take of the rows; nil before the first row.
    var nextStep: Int64?
    /// The next step to decide, which is behind by what onset and hangover have not decided.
    var nextDecided: Int64 = 0
    /// Of the detector that hears each track: by the track's rate, it may be another one.
    var thresholds = PerTrack<Float>(0.5)

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
        lead = clock.steps(
            ms: settings.signals.options(CallClockOptions.self).maxTrackSkewMs + CallClockOptions.marginMs)
        delay = SpeechLine.delay(settings.detect, clock: clock)
        let context = SignalContext(clock: clock, settings: settings.signals, columns: columns)
        self.context = context
        signals = SignalCatalog.all.map { Self.make($0, context: context) }
        meter = TotalsMeter(context)
        floor = TurnTracker(
            pause: clock.steps(ms: settings.signals.options(TurnOptions.self).pauseMs),
            backchannel: clock.steps(ms: settings.signals.options(BackchannelOptions.self).maximumMs))
        rows = CallStep(width: columns.count)
        step = CallStep(width: columns.count)
        sounds = PerTrack(TrackSounds(clock: clock))
        var depth = 1
        while depth <= delay { depth *= 2 }
        heard = [PerTrack<SoundChange>](repeating: PerTrack(SoundChange()), count: depth)
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
        thresholds[role] = try settings.detect.detector(on: grid).threshold
        lines?[role].threshold = thresholds[role]
        events[role].sampleRate = grid.sampleRate
        let progress = TrackProgress(grid: grid, clock: clock)
        self.progress[role] = progress
        tracks[role] = TrackRows(places: places, depth: progress.rows(inSteps: Int(lead) + delay + 8))
    }

    /// Takes the next row of a track.
    ///
    /// - Parameters:
    ///   - row: the row's number; more than the track's last.
    ///   - values: shape `[columns]`.
    public mutating func process(_ role: TrackRole, row: Int64, values: Span<Float>, emit: (Signal) -> Void) {
        guard let step = progress[role]?.step(ofRow: row) else { return }
        if let nextStep, step < nextStep {
            lateRows += 1
            return
        }
        // Room first: what this row is too far ahead of goes on without the other track.
        while let nextStep, step - nextStep >= lead { handle(nextStep, emit: emit) }
        tracks[role]?.append(row, columns: values)
        progress[role]?.append(row)
        advance(emit)
    }

    /// Takes what a track's samples showed once, before or after the row that it names: it counts at that row's step.
    public mutating func process(_ role: TrackRole, fact: TrackFact) {
        guard let progress = progress[role] else { return }
        events[role].add(fact, step: progress.step(ofRow: fact.row), role: role)
    }

    /// A track is over: no row of it follows. With the last open track the call is over, and open intervals are closed.
    public mutating func end(_ role: TrackRole, emit: (Signal) -> Void) {
        guard progress[role] != nil else { return }
        progress[role]?.end()
        advance(emit)
        guard progress.inbound?.isOver ?? true, progress.outbound?.isOver ?? true else { return }
        close(emit)
    }

    /// Takes every step that no row to come can change.
    private mutating func advance(_ emit: (Signal) -> Void) {
        if nextStep == nil { begin() }
        while let step = nextStep, step < newestStep, isDecided(step) { handle(step, emit: emit) }
    }

    /// One past the last step that any row speaks for.
    var newestStep: Int64 {
        max(progress.inbound?.newestStep ?? .min, progress.outbound?.newestStep ?? .min)
    }

    private func isDecided(_ step: Int64) -> Bool {
        (progress.inbound?.hasDecided(step) ?? true) && (progress.outbound?.hasDecided(step) ?? true)
    }
}
