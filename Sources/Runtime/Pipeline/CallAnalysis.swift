import SidetoneAnalysis
import SidetoneModel
import SidetoneTracks

/// Derives the signals of one call from the rows of both tracks. A value owned by its stream.
struct CallAnalysis: TrackReceiver {
    private let reporter: Reporter
    private var signals: CallSignals?
    /// The tracks known to the signals.
    private var isKnown = PerTrack(false)

    init(stream: StreamInfo, settings: StreamSettings, fanout: SinkFanout, timing: SignalTiming?) {
        reporter = Reporter(stream: stream, fanout: fanout, timing: settings.makesSignals ? timing : nil)
        signals = settings.makesSignals ? CallSignals(settings: settings.analysis) : nil
    }

    /// Announces a track: the signals wait for its rows, or until the other track is far enough ahead.
    mutating func expect(_ role: TrackRole, grid: FrameGrid, columns: [Column]) throws(AnalysisError) {
        guard !isKnown[role] else { return }
        try signals?.open(role, grid: grid, columns: columns)
        isKnown[role] = true
    }

    /// Opens a track; its rows follow.
    ///
    /// - Parameter measured: the columns of the rows passed to `process`.
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

    // Static: a closure in a method would capture the signals while they are being modified.
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

    /// Ends the measurement of signal delays: those caused by a stream's end are not meaningful.
    func stopTiming() { reporter.timing = nil }

    /// Ends a track. With the last one the call ends, and open intervals are closed.
    mutating func end(_ role: TrackRole) {
        let reporter = reporter
        signals?.end(role) { reporter.emit(.signal($0)) }
    }

    /// The totals of the call, for its summary.
    var totals: CallTotals? { signals?.totals }

    /// Reports a fact found by the receiver, before the rows that it concerns; it counts towards the signals and
    /// totals.
    mutating func report(_ fact: Signal) {
        emit(.signal(fact))
        signals?.handle(fact)
    }

    /// Reports a digit detected by the platform, unless it was already detected in the call's audio.
    ///
    /// - Parameter seconds: the position of the call's media.
    mutating func report(_ digit: WireDigit, at seconds: Double) {
        let reporter = reporter
        guard signals != nil else {
            return reporter.emit(.signal(CallSignals.signal(of: digit, at: seconds)))
        }
        signals?.handle(digit, at: seconds) { reporter.emit(.signal($0)) }
    }

    /// Reports a fact that counts towards neither signals nor totals.
    func emit(_ output: StreamOutput) { reporter.emit(output) }
}

/// Passes a stream's outputs to its sinks. An object, so that it can be used while the signals are being modified.
private final class Reporter {
    let stream: StreamInfo
    let fanout: SinkFanout
    var timing: SignalTiming?
    /// The arrival times of packets, present while signal delays are measured.
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

    /// Records the delay of a signal: the time from the arrival of the sample, on its track or on both, that made it
    /// decidable to now.
    private func record(_ signal: Signal, timing: SignalTiming) {
        guard let decidableAt = signal.decidableAt else { return }
        let end = Int64((decidableAt * Double(stream.start.format.sampleRate)).rounded())
        let roles = signal.track.map { [$0] } ?? TrackRole.allCases
        guard let arrival = roles.compactMap({ arrivals[$0]?.arrival(before: end) }).max() else { return }
        timing.record(signal, timing.now() - arrival)
    }
}
