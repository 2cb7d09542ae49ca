import SidetoneModel
import SidetoneTracks

/// Carries one track of a stream: packets in, blocks and signals out.
///
/// Live, its executor is the event loop of the track's connection, and `accept` is entered by `assumeIsolated`: from the
/// socket to the row there is no hop, no task, and no allocation a packet.
actor TrackIngest {
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let receiver: Receiver
    private var track: TrackState

    init(
        role: TrackRole, stream: StreamInfo, originMs: Int64, settings: StreamSettings, call: CallIngest,
        outlet: Outlet, executor: any SerialExecutor
    ) throws {
        self.executor = executor
        receiver = Receiver(role: role, stream: stream, outlet: outlet, call: call)
        var kinds = outlet.kinds
        if !settings.makesSignals { kinds.remove(.signals) }
        track = try TrackState(
            role: role, format: stream.start.format, originMs: originMs, settings: settings, kinds: kinds)
    }

    /// The track's layout, once: before its first packet.
    func open() throws {
        let info = track.info
        let columns = track.measured
        try receiver.call.assumeIsolated { try $0.open(info.role, info.grid, columns) }
        receiver.outlet.offer(PipelineItem.stream(receiver.stream, .track(info)))
    }

    /// The track's span on the call clock, in seconds.
    var seconds: Double { Double(track.sampleCount) / Double(track.info.grid.sampleRate) }

    /// The hot path.
    ///
    /// - Parameter arrival: when the packet's message came, in seconds on the stream's clock; nil where nobody counts it.
    func accept(_ packet: MediaPacket, arrival: Double?) {
        if let arrival, receiver.call.isTimed {
            let end = track.end(of: packet)
            receiver.call.assumeIsolated { $0.note(receiver.role, end: end, arrival: arrival) }
        }
        track.accept(packet, receiver)
    }

    func finish() -> StreamSummary.Track {
        track.finish(receiver)
        let role = receiver.role
        receiver.call.assumeIsolated { $0.end(role) }
        return StreamSummary.Track(
            role: receiver.role, sampleRate: track.info.grid.sampleRate, samples: track.sampleCount,
            rows: track.rowCount,
            counters: track.counters)
    }
}

/// Hands a track's rows to the signals of its call, and its blocks to the sinks.
private struct Receiver: TrackReceiver {
    let role: TrackRole
    let stream: StreamInfo
    let outlet: Outlet
    let call: CallIngest

    func take(row: Int64, _ values: Span<Float>) {
        guard call.makesSignals else { return }
        call.assumeIsolated { $0.observe(role, row, values) }
    }

    func take(_ output: TrackOutput) {
        switch output {
        case .samples(let block): outlet.offer(PipelineItem.stream(stream, .samples(block)))
        case .rows(let block): outlet.offer(PipelineItem.stream(stream, .rows(block)))
        case .gap(let gap):
            let sampleRate = stream.start.format.sampleRate
            let signal =
                Signal(
                    "media.gap", .moment, track: role,
                    start: MediaTime(samples: gap.first, sampleRate: sampleRate).seconds,
                    end: MediaTime(samples: gap.first + gap.count, sampleRate: sampleRate).seconds,
                    values: [Signal.Entry("cause", .text(gap.cause.rawValue))])
            call.assumeIsolated { $0.report(signal) }
        }
    }
}
