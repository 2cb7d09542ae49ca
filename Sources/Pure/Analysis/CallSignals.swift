public import SidetoneModel

/// Aligns the rows of a call's tracks on the call clock and derives the call's signals.
///
/// The order in which the tracks' rows arrive does not matter: a step of the clock is processed when every open track
/// has delivered its row or ended. To bound memory, a track that leads by more than `max_track_skew_ms` is no longer
/// held back; such steps are counted in `stepsWithoutTrack`. A track that opens after the call's first row joins at the
/// current position of the clock; its earlier rows are counted in `lateRows`.
///
/// The content of signals is deterministic, and signals are emitted in the order in which they become known.
public struct CallSignals {
    /// Steps processed without the row of an open track, because the other track led too far.
    public internal(set) var stepsWithoutTrack: Int64 = 0
    /// Rows that arrived after their step was processed.
    public private(set) var lateRows: Int64 = 0

    /// The totals of the call so far.
    public var totals: CallTotals { meter.totals }

    let settings: AnalysisSettings
    let clock: CallClock
    let columns: [String]
    let context: SignalContext
    let lead: Int64
    let delay: Int
    var signals: [any CallSignal]
    /// Signals that depend on rows alone: they receive a step immediately.
    let ofRows = SignalCatalog.all.indices.filter { !SignalCatalog.all[$0].followsSpeech }
    /// Signals that need the final speech decisions of a step.
    let ofSpeech = SignalCatalog.all.indices.filter { SignalCatalog.all[$0].followsSpeech }
    /// Those of them that also receive steps without a floor change.
    let ofEveryStep = SignalCatalog.all.indices.filter {
        SignalCatalog.all[$0].followsSpeech && !SignalCatalog.all[$0].readsFloorOnly
    }
    /// Signals that handle digits.
    let ofDigits = SignalCatalog.all.indices.filter { SignalCatalog.all[$0].hearsDigits }
    /// The positions of the open tracks, and their rows.
    var progress = PerTrack<TrackProgress?>(nil)
    var tracks = PerTrack<TrackRows?>(nil)
    /// Nil before the clock has started.
    var lines: PerTrack<SpeechLine>?
    var sounds: PerTrack<TrackSounds>
    /// The sounds at undecided steps: a ring whose size is a power of two.
    var heard: [PerTrack<SoundChange>]
    /// Events of a track that wait for the clock.
    var events = PerTrack(TrackEvents())
    var meter: TotalsMeter
    var floor: TurnTracker
    /// The step being processed, of which only the rows are known.
    var rows: CallStep
    /// The step being decided.
    var step: CallStep
    /// The next step to process; nil before the first row.
    var nextStep: Int64?
    /// The next step to decide, which lags by what onset and hangover have not decided yet.
    var nextDecided: Int64 = 0
    /// The threshold of each track's detector, which may depend on the track's rate.
    var thresholds = PerTrack<Float>(0.5)

    /// The features whose columns the signals read; they are computed even if no sink writes them.
    public static func features(for settings: AnalysisSettings) -> [String] {
        Set(Shared.features + SignalCatalog.all.flatMap { $0.features }).sorted()
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

    /// Opens a track of the call: its rows follow.
    ///
    /// - Parameter columns: the columns of its rows, including at least those of `features(for:)`.
    public mutating func open(_ role: TrackRole, grid: FrameGrid, columns: [Column]) throws(AnalysisError) {
        var columnIndices: [Int?] = []
        for name in self.columns {
            let index = columns.firstIndex { $0.name == name }
            guard index != nil || Self.optional.contains(name) else {
                throw AnalysisError(
                    .unknownName,
                    "the rows have no column \(name), which the signals read; measure \(Self.features(for: settings).joined(separator: ", "))"
                )
            }
            columnIndices.append(index)
        }
        thresholds[role] = try settings.detect.detector(on: grid).threshold
        lines?[role].threshold = thresholds[role]
        events[role].sampleRate = grid.sampleRate
        let progress = TrackProgress(grid: grid, clock: clock)
        self.progress[role] = progress
        tracks[role] = TrackRows(columnIndices: columnIndices, depth: progress.rows(inSteps: Int(lead) + delay + 8))
    }

    /// Processes the next row of a track.
    ///
    /// - Parameters:
    ///   - row: the row's index; greater than the track's last one.
    ///   - values: shape `[columns]`.
    public mutating func process(_ role: TrackRole, row: Int64, values: Span<Float>, emit: (Signal) -> Void) {
        guard let step = progress[role]?.step(ofRow: row) else { return }
        if let nextStep, step < nextStep {
            lateRows += 1
            return
        }
        // First make room: steps that this row leads by too much are processed without the other track.
        while let nextStep, step - nextStep >= lead { handle(nextStep, emit: emit) }
        tracks[role]?.append(row, columns: values)
        progress[role]?.append(row)
        advance(emit)
    }

    /// Processes a fact found in a track's samples, before or after the row that it names: it takes effect at that
    /// row's step.
    public mutating func process(_ role: TrackRole, fact: TrackFact) {
        guard let progress = progress[role] else { return }
        events[role].add(fact, step: progress.step(ofRow: fact.row), role: role)
    }

    /// Ends a track: no row follows. With the last open track the call ends, and open intervals are closed.
    public mutating func end(_ role: TrackRole, emit: (Signal) -> Void) {
        guard progress[role] != nil else { return }
        progress[role]?.end()
        advance(emit)
        guard progress.inbound?.isOver ?? true, progress.outbound?.isOver ?? true else { return }
        close(emit)
    }

    /// Processes every step that no future row can change.
    private mutating func advance(_ emit: (Signal) -> Void) {
        if nextStep == nil { begin() }
        while let step = nextStep, step < newestStep, isDecided(step) { handle(step, emit: emit) }
    }

    /// One past the last step covered by any row.
    var newestStep: Int64 {
        max(progress.inbound?.newestStep ?? .min, progress.outbound?.newestStep ?? .min)
    }

    private func isDecided(_ step: Int64) -> Bool {
        (progress.inbound?.hasDecided(step) ?? true) && (progress.outbound?.hasDecided(step) ?? true)
    }
}
