package import SidetoneAnalysis
package import SidetoneCodecs
package import SidetoneModel
package import SidetoneTracks

/// An output of a track, except its individual rows.
package enum TrackOutput: Sendable {
    case samples(SampleBlock)
    case rows(RowBlock)
    /// Reported before its samples, or at its end if the gap was filled while the other track continued.
    case gap(Gap)
    case jump(ClockJump)
    case step(OverviewSample)
    case health(TrackHealth)
}

/// Receives the outputs of a stream's tracks.
package protocol TrackReceiver {
    /// Every row immediately, for the call's signals.
    mutating func process(_ role: TrackRole, row: Int64, values: Span<Float>)
    /// Facts found in the samples, for the call's signals.
    mutating func process(_ role: TrackRole, fact: TrackFact)
    mutating func receive(_ output: TrackOutput, from role: TrackRole)
}

extension TrackReceiver {
    package mutating func process(_ role: TrackRole, fact: TrackFact) {}
}

/// Everything of one track from its packets to its rows: a value that decides, without side effects.
///
/// The path from the packet to the row has no task and no allocation per packet. Not copyable, because reading a
/// property of a copyable value would copy its storage for each packet.
package struct TrackPipeline: ~Copyable {
    /// The duration of blocks of rows and samples, in milliseconds: short enough to lose little, long enough to be
    /// cheap.
    static let blockMs = 200

    /// The layout of the track's output rows.
    package let info: TrackInfo
    /// The columns of all features: first those that are output, then those that only the signals read.
    package let measured: [Column]
    private var timeline: JitterBuffer
    private var framer: Framer
    private var measure: FeatureExtractor
    private var blocks: TrackBlocks
    private let reportsHealth: Bool
    private var jitter = ArrivalJitter()
    private var codec: CodecCheck
    /// The position of the next report of the track's health.
    private var nextHealth: Int64 = 0

    /// - Parameters:
    ///   - kinds: the outputs that the sinks need; blocks of other kinds are not created.
    ///   - clock: the call clock.
    package init(
        role: TrackRole, format: MediaFormat, clock: MediaClock, settings: StreamSettings, kinds: PipelineItem.Kinds
    ) throws {
        let codec = try CodecCatalog.codec(for: format)
        let grid = settings.analysis.grid(sampleRate: format.sampleRate)
        // The lowest ceiling of all codecs: a recording does not reveal its codec, and the same audio must give the
        // same rows.
        let measure = try FeatureExtractor(
            grid: grid, features: settings.measuredFeatures, settings: settings.analysis, ceiling: PCMU.ceiling)
        timeline = JitterBuffer(
            role: role, settings: settings.timeline, codec: codec, sampleRate: format.sampleRate, clock: clock)
        framer = Framer(grid: grid)
        self.measure = measure
        measured = measure.columns
        let shown = FeatureExtractor.columns(
            grid: grid, features: settings.analysis.features, settings: settings.analysis)
        info = TrackInfo(role: role, grid: grid, columns: shown)
        blocks = TrackBlocks(info: info, measured: measured, blockMs: Self.blockMs, kinds: kinds)
        reportsHealth = kinds.contains(.health)
        self.codec = CodecCheck(announced: format.encoding, packets: settings.timeline.wrongCodecPackets)
    }

    package var counters: TrackCounters { timeline.counters }
    /// The track's duration on the call clock.
    package var sampleCount: Int64 { timeline.next }
    /// The track's duration on the call clock, in seconds.
    package var seconds: Double { Double(sampleCount) / Double(info.grid.sampleRate) }
    package var rowCount: Int64 { blocks.rowCount }

    /// The statistics of the track, for the stream's summary.
    package var summary: StreamSummary.Track {
        StreamSummary.Track(
            role: info.role, sampleRate: info.grid.sampleRate, samples: sampleCount, rows: rowCount, counters: counters)
    }

    /// The end position, by its timestamp, of a packet that is about to be accepted.
    func end(of packet: MediaPacket) -> Int64 { timeline.end(of: packet) }

    /// Samples of a gap still to be emitted, by `proceed`.
    var silenceLeft: Int64 { timeline.silenceLeft }

    /// Accepts the next packet in order of arrival.
    ///
    /// - Parameters:
    ///   - arrival: the arrival time of the packet's message, in seconds on the stream's clock; nil if not measured.
    ///   - clock: the call clock.
    ///   - receiver: receives every row immediately, and blocks and gaps.
    /// - Returns: once, a suspicion that the packets were encoded with another codec than announced.
    package mutating func accept(
        _ packet: MediaPacket, arrival: Double? = nil, clock: inout MediaClock, into receiver: inout some TrackReceiver
    ) -> CodecCheck.Suspicion? {
        Self.feed(&timeline, framer: &framer, measure: &measure, blocks: &blocks, role: info.role, receiver: &receiver)
        { timeline, emit in
            timeline.accept(packet, arrival: arrival, clock: &clock, emit: emit)
        }
        if reportsHealth {
            if let arrival { jitter.record(arrival: arrival, timestampMs: packet.timestampMs) }
            if sampleCount >= nextHealth { reportHealth(into: &receiver) }
        }
        return codec.isOpen ? codec.inspect(packet.payload) : nil
    }

    /// Emits the next slice of a long gap, and everything waiting behind it.
    package mutating func proceed(clock: inout MediaClock, into receiver: inout some TrackReceiver) {
        Self.feed(&timeline, framer: &framer, measure: &measure, blocks: &blocks, role: info.role, receiver: &receiver)
        { timeline, emit in
            timeline.proceed(clock: &clock, emit)
        }
    }

    /// Declares the track silent up to `target`, because the other track is that far ahead.
    package mutating func advance(
        to target: Int64, clock: inout MediaClock, into receiver: inout some TrackReceiver
    ) {
        Self.feed(&timeline, framer: &framer, measure: &measure, blocks: &blocks, role: info.role, receiver: &receiver)
        { timeline, emit in
            timeline.advance(to: target, clock: &clock, emit)
        }
        blocks.flushRuns(into: &receiver)
    }

    /// Emits long runs of silence that are being collected, when nothing follows for now.
    package mutating func flushRuns(into receiver: inout some TrackReceiver) { blocks.flushRuns(into: &receiver) }

    /// Whether more is held back than the silence of a pause that lasts until the end.
    var hasRest: Bool { timeline.hasRest }
    /// Whether only the other track has gone on.
    var isPaused: Bool { timeline.isPaused }

    /// The stream is over: emits the next part of what is held back.
    mutating func finishNext(clock: inout MediaClock, into receiver: inout some TrackReceiver) {
        Self.feed(&timeline, framer: &framer, measure: &measure, blocks: &blocks, role: info.role, receiver: &receiver)
        { timeline, take in
            timeline.finishNext(clock: &clock, take)
        }
    }

    /// The stream is over: fills a pause up to a position that the other track has come to.
    mutating func fillPause(until end: Int64, into receiver: inout some TrackReceiver) {
        Self.feed(&timeline, framer: &framer, measure: &measure, blocks: &blocks, role: info.role, receiver: &receiver)
        { timeline, take in
            timeline.fillPause(until: end, take)
        }
    }

    /// The track is over: emits all that is still held back.
    package mutating func finish(clock: inout MediaClock, into receiver: inout some TrackReceiver) {
        Self.feed(&timeline, framer: &framer, measure: &measure, blocks: &blocks, role: info.role, receiver: &receiver)
        { timeline, emit in
            timeline.finish(clock: &clock, emit)
        }
        Self.finish(&measure, rest: framer.rest, blocks: &blocks, role: info.role, receiver: &receiver)
        blocks.flush(into: &receiver)
    }

    /// Once per second of the track.
    private mutating func reportHealth(into receiver: inout some TrackReceiver) {
        nextHealth = sampleCount + Int64(info.grid.sampleRate)
        let counters = counters
        let received = sampleCount - counters.concealedSamples
        let mean = counters.packets > 0 ? Double(received) / Double(counters.packets) : 0
        let lost = mean > 0 ? Int((Double(counters.concealedSamples) / mean).rounded()) : 0
        let health = TrackHealth(
            track: info.role, counters: counters, lostPackets: max(0, lost), arrivalJitterMs: jitter.milliseconds)
        receiver.receive(.health(health), from: info.role)
    }

    // The stages are separate parameters, so that each may run inside the closure of the previous one.

    private static func feed<Receiver: TrackReceiver>(
        _ timeline: inout JitterBuffer, framer: inout Framer, measure: inout FeatureExtractor,
        blocks: inout TrackBlocks, role: TrackRole, receiver: inout Receiver,
        drive: (inout JitterBuffer, (JitterBuffer.Output) -> Void) -> Void
    ) {
        drive(&timeline) { output in
            switch output {
            case .gap(let gap): receiver.receive(.gap(gap), from: role)
            case .jump(let jump): receiver.receive(.jump(jump), from: role)
            case .silence(let first, let count):
                blocks.add(silence: count, first: first)
                framer.pushSilence(count) { frame in
                    measure.process(frame) { row, values in
                        receiver.process(role, row: row, values: values)
                        blocks.add(row: row, values, into: &receiver)
                    }
                    measure.drainFacts { receiver.process(role, fact: $0) }
                } run: { frames, frame in
                    Self.process(
                        frames, frame: frame, measure: &measure, blocks: &blocks, role: role, receiver: &receiver)
                }
            case .samples(let first, let samples):
                blocks.add(samples, first: first, into: &receiver)
                framer.push(samples) { frame in
                    measure.process(frame) { row, values in
                        receiver.process(role, row: row, values: values)
                        blocks.add(row: row, values, into: &receiver)
                    }
                    measure.drainFacts { receiver.process(role, fact: $0) }
                }
            }
        }
    }

    private static func process(
        _ frames: Int64, frame: Span<Float>, measure: inout FeatureExtractor, blocks: inout TrackBlocks,
        role: TrackRole, receiver: inout some TrackReceiver
    ) {
        measure.processSilence(frames, frame: frame) { row, values in
            receiver.process(role, row: row, values: values)
            blocks.add(row: row, values, into: &receiver)
        } found: { fact in
            receiver.process(role, fact: fact)
        } run: { rows, values in
            for row in rows { receiver.process(role, row: row, values: values) }
            blocks.add(rows: rows, values, into: &receiver)
        }
    }

    private static func finish(
        _ measure: inout FeatureExtractor, rest: [Float], blocks: inout TrackBlocks, role: TrackRole,
        receiver: inout some TrackReceiver
    ) {
        measure.finish(rest: rest) { row, values in
            receiver.process(role, row: row, values: values)
            blocks.add(row: row, values, into: &receiver)
        }
        measure.drainFacts { receiver.process(role, fact: $0) }
    }
}
