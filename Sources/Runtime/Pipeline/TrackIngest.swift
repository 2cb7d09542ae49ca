import SidetoneCodecs
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
    private let tellsHealth: Bool
    private var jitter = ArrivalJitter()
    private var arrivals: PacketArrivals?
    private var codec: CodecCheck
    /// Where on the track it is told next how the packets fare.
    private var nextHealth: Int64 = 0

    init(
        role: TrackRole, stream: StreamInfo, originMs: Int64, settings: StreamSettings, call: CallIngest,
        fanout: SinkFanout, executor: any SerialExecutor
    ) throws {
        self.executor = executor
        codec = CodecCheck(
            announced: stream.start.format.encoding, packets: settings.timeline.wrongCodecPackets)
        receiver = Receiver(role: role, stream: stream, fanout: fanout, call: call)
        var kinds = fanout.kinds
        if !settings.makesSignals { kinds.remove(.signals) }
        tellsHealth = kinds.contains(.health)
        if call.isTimed { arrivals = PacketArrivals() }
        track = try TrackState(
            role: role, format: stream.start.format, originMs: originMs, settings: settings, kinds: kinds)
    }

    /// The track's layout, once: before its first packet.
    func open() throws {
        let info = track.info
        let columns = track.measured
        try receiver.call.assumeIsolated { try $0.open(self, info, columns) }
        receiver.fanout.enqueue(PipelineItem.stream(receiver.stream, .track(info)))
    }

    /// The track's span on the call clock, in seconds.
    var seconds: Double { Double(track.sampleCount) / Double(track.info.grid.sampleRate) }

    /// The hot path.
    ///
    /// - Parameter arrival: when the packet's message came, in seconds on the stream's clock; nil where nobody counts it.
    /// - Returns: once, that the packets are rather another codec's than the announced one's.
    func accept(_ packet: MediaPacket, arrival: Double?) -> CodecCheck.Suspicion? {
        if let arrival { arrivals?.note(end: track.end(of: packet), arrival: arrival) }
        track.accept(packet, receiver)
        if tellsHealth {
            if let arrival { jitter.note(arrival: arrival, timestampMs: packet.timestampMs) }
            if track.sampleCount >= nextHealth { tellHealth() }
        }
        return codec.isOpen ? codec.look(at: packet.payload) : nil
    }

    /// When the last sample before `end` arrived; nil when no packet brought it yet.
    func arrival(before end: Int64) -> Double? { arrivals?.arrival(before: end) }

    /// Once a second of the track.
    private func tellHealth() {
        nextHealth = track.sampleCount + Int64(track.info.grid.sampleRate)
        let counters = track.counters
        let received = track.sampleCount - counters.concealedSamples
        let mean = counters.packets > 0 ? Double(received) / Double(counters.packets) : 0
        let lost = mean > 0 ? Int((Double(counters.concealedSamples) / mean).rounded()) : 0
        let health = TrackHealth(
            track: receiver.role, counters: counters, lostPackets: max(0, lost), arrivalJitterMs: jitter.milliseconds)
        receiver.fanout.enqueue(PipelineItem.stream(receiver.stream, .health(health)))
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
    let fanout: SinkFanout
    let call: CallIngest

    func take(row: Int64, _ values: Span<Float>) {
        guard call.makesSignals else { return }
        call.assumeIsolated { $0.observe(role, row, values) }
    }

    func take(_ output: TrackOutput) {
        switch output {
        case .samples(let block): fanout.enqueue(PipelineItem.stream(stream, .samples(block)))
        case .rows(let block): fanout.enqueue(PipelineItem.stream(stream, .rows(block)))
        case .step(let step): fanout.enqueue(PipelineItem.stream(stream, .step(step)))
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
