import SidetoneAnalysis
import SidetoneModel
import SidetoneTracks

/// The signals of one call: rows of both tracks in, signals out. A value of its stream.
struct CallAnalysis: TrackReceiver {
    private let reporter: Reporter
    private var signals: CallSignals?
    /// The tracks that the signals know of.
    private var isKnown = PerTrack(false)

    init(stream: StreamInfo, settings: StreamSettings, fanout: SinkFanout, timing: SignalTiming?) {
        reporter = Reporter(stream: stream, fanout: fanout, timing: settings.makesSignals ? timing : nil)
        signals = settings.makesSignals ? CallSignals(settings: settings.analysis) : nil
    }

    /// A track was announced: until its rows come, or the other track has come far enough without them, the signals wait.
    mutating func expect(_ role: TrackRole, grid: FrameGrid, columns: [Column]) throws(AnalysisError) {
        guard !isKnown[role] else { return }
        try signals?.open(role, grid: grid, columns: columns)
        isKnown[role] = true
    }

    /// A track exists; its rows follow.
    ///
    /// - Parameter measured: the columns of the rows that `process` is given.
    mutating func open(_ info: TrackInfo, measured: [Column]) throws(AnalysisError) {
        try expect(info.role, grid: info.grid, columns: measured)
        if reporter.timing != nil { reporter.arrivals[info.role] = PacketArrivals() }
        emit(.track(info))
    }

    /// Records when the samples before `end` arrived.
    func recordArrival(_ arrival: Double, before end: Int64, on role: TrackRole) {
        reporter.arrivals[role]?.record(end: end, arrival: arrival)
    }

    mutating func process(_ role: TrackRole, row: Int64, values: Span<Float>) {
        Self.process(&signals, role: role, row: row, values: values, to: reporter)
    }

    // Static: a closure of a method would capture the signals that are being changed.
    private static func process(
        _ signals: inout CallSignals?, role: TrackRole, row: Int64, values: Span<Float>, to reporter: Reporter
    ) {
        signals?.process(role, row: row, values: values) { reporter.report($0) }
    }

    mutating func process(_ role: TrackRole, fact: TrackFact) { signals?.process(role, fact: fact) }

    mutating func receive(_ output: TrackOutput, from role: TrackRole) {
        switch output {
        case .samples(let block): emit(.samples(block))
        case .rows(let block): emit(.rows(block))
        case .step(let step): emit(.step(step))
        case .health(let health): emit(.health(health))
        case .gap(let gap):
            let rate = reporter.stream.start.format.sampleRate
            report(
                Signal(
                    "media.gap", .moment, track: role, start: MediaTime(samples: gap.first, sampleRate: rate).seconds,
                    end: MediaTime(samples: gap.first + gap.count, sampleRate: rate).seconds,
                    values: [Signal.Entry("cause", .text(gap.cause.rawValue))]))
        case .jump(let jump):
            let at = MediaTime(samples: jump.position, sampleRate: reporter.stream.start.format.sampleRate).seconds
            report(
                Signal(
                    "media.clock_jump", .moment, track: role, start: at, end: at,
                    values: [Signal.Entry("jump_ms", .integer(jump.jumpMs))]))
        }
    }

    /// The stream is over: the delay of signals that its last rows cause means nothing.
    func stopTiming() { reporter.timing = nil }

    /// A track is over. With the last one the call is over, and open intervals are closed.
    mutating func end(_ role: TrackRole) {
        let reporter = reporter
        signals?.end(role) { reporter.emit(.signal($0)) }
    }

    /// The totals of the call, for its summary.
    var totals: CallTotals? { signals?.totals }

    /// Reports what the receiver found, before the rows that it concerns; the signals and the totals count it.
    mutating func report(_ fact: Signal) {
        emit(.signal(fact))
        signals?.handle(fact)
    }

    /// Reports a digit that the platform detected, unless the call's sound has shown it already.
    ///
    /// - Parameter seconds: how far the call's media has come.
    mutating func report(_ digit: WireDigit, at seconds: Double) {
        let reporter = reporter
        guard signals != nil else {
            return reporter.emit(.signal(CallSignals.signal(of: digit, at: seconds)))
        }
        signals?.handle(digit, at: seconds) { reporter.emit(.signal($0)) }
    }

    /// Reports what no signal and no total counts.
    func emit(_ output: StreamOutput) { reporter.emit(output) }
}

/// Hands what leaves a stream to its sinks. An object, so that it can be used while the signals are being changed.
private final class Reporter {
    let stream: StreamInfo
    let fanout: SinkFanout
    var timing: SignalTiming?
    /// When packets arrived, while somebody measures how soon signals are reported.
    var arrivals = PerTrack<PacketArrivals?>(nil)

    init(stream: StreamInfo, fanout: SinkFanout, timing: SignalTiming?) {
        self.stream = stream
        self.fanout = fanout
        self.timing = timing
    }

    func emit(_ output: StreamOutput) { fanout.enqueue(PipelineItem.stream(stream, output)) }

    func report(_ signal: Signal) {
        emit(.signal(signal))
        if let timing { record(signal, timing: timing) }
    }

    /// Measures the time from the arrival of a signal's evidence, on its track or on both, to now.
    private func record(_ signal: Signal, timing: SignalTiming) {
        guard let decidableAt = signal.decidableAt else { return }
        let end = Int64((decidableAt * Double(stream.start.format.sampleRate)).rounded())
        let roles = signal.track.map { [$0] } ?? TrackRole.allCases
        guard let arrival = roles.compactMap({ arrivals[$0]?.arrival(before: end) }).max() else { return }
        timing.record(signal, timing.now() - arrival)
    }
}
