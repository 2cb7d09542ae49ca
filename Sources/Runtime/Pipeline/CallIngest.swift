import SidetoneAnalysis
import SidetoneModel

/// Carries the signals of a call: the rows of both tracks in, signals out. Runs where its tracks run.
actor CallIngest {
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let stream: StreamInfo
    private let outlet: Outlet
    /// Whether the call's signals are made, and rows are asked for.
    nonisolated let makesSignals: Bool
    private var signals: CallSignals?

    init(stream: StreamInfo, settings: StreamSettings, outlet: Outlet, executor: any SerialExecutor) {
        self.executor = executor
        self.stream = stream
        self.outlet = outlet
        makesSignals = settings.makesSignals
        signals = makesSignals ? CallSignals(settings: settings.analysis) : nil
    }

    func open(_ role: TrackRole, _ grid: FrameGrid, _ columns: [Column]) throws(AnalysisError) {
        try signals?.open(role, grid: grid, columns: columns)
    }

    func observe(_ role: TrackRole, _ row: Int64, _ values: Span<Float>) {
        signals?.process(role, row: row, values) { tell($0) }
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
        outlet.offer(PipelineItem.stream(stream, .signal(signal)))
    }
}
