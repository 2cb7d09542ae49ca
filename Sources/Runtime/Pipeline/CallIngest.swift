import SidetoneAnalysis
import SidetoneModel

/// Carries the signals of a call: the rows of both tracks in, signals out. Runs where its tracks run.
actor CallIngest {
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let stream: StreamInfo
    private let fanout: SinkFanout
    /// Whether the call's signals are made, and rows are asked for.
    nonisolated let makesSignals: Bool
    private var signals: CallSignals?
    /// Whether somebody asks how soon signals are told.
    nonisolated let isTimed: Bool
    private var timing: SignalTiming?
    private let sampleRate: Double
    /// The tracks that are open, while somebody asks how soon signals are told.
    private var tracks: [TrackIngest?] = [nil, nil]

    init(
        stream: StreamInfo, settings: StreamSettings, fanout: SinkFanout, timing: SignalTiming?,
        executor: any SerialExecutor
    ) {
        self.executor = executor
        self.stream = stream
        self.fanout = fanout
        self.timing = timing
        isTimed = timing != nil && settings.makesSignals
        sampleRate = Double(stream.start.format.sampleRate)
        makesSignals = settings.makesSignals
        signals = makesSignals ? CallSignals(settings: settings.analysis) : nil
    }

    func open(_ track: TrackIngest, _ info: TrackInfo, _ columns: [Column]) throws(AnalysisError) {
        try signals?.open(info.role, grid: info.grid, columns: columns)
        if isTimed { tracks[info.role.index] = track }
    }

    func observe(_ role: TrackRole, _ row: Int64, _ values: Span<Float>) {
        signals?.process(role, row: row, values) { signal in
            tell(signal)
            time(signal)
        }
    }

    /// The stream is over: what its last rows tell was not waited for.
    func stopTiming() {
        timing = nil
        tracks = [nil, nil]
    }

    /// Measures from when a signal's evidence was there, on its track or on both, to now.
    private func time(_ signal: Signal) {
        guard let timing, let evidence = signal.evidence else { return }
        let end = Int64((evidence * sampleRate).rounded())
        let roles = signal.track.map { [$0] } ?? TrackRole.allCases
        let arrivals = roles.compactMap { role in
            tracks[role.index]?.assumeIsolated { $0.arrival(before: end) }
        }
        guard let arrival = arrivals.max() else { return }
        timing.record(signal, timing.now() - arrival)
    }

    func end(_ role: TrackRole) {
        signals?.end(role) { tell($0) }
    }

    /// The totals of the call, for its summary.
    func totals() -> CallTotals? { signals?.totals }

    /// Tells what the receiver found; the signals and the totals count it.
    func report(_ fact: Signal) {
        tell(fact)
        signals?.take(fact)
    }

    nonisolated func tell(_ signal: Signal) {
        fanout.enqueue(PipelineItem.stream(stream, .signal(signal)))
    }
}
