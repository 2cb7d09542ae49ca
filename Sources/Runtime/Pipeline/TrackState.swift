import SidetoneAnalysis
import SidetoneCodecs
public import SidetoneModel
public import SidetoneTracks

/// What a track gives, apart from its rows one by one.
public enum TrackOutput: Sendable {
    case samples(SampleBlock)
    case rows(RowBlock)
    case gap(Gap)
    case step(TrackStep)
}

/// Takes what a track gives.
public protocol TrackReceiver {
    /// Every row at once, for the call's signals.
    func take(row: Int64, _ values: Span<Float>)
    func take(_ output: TrackOutput)
}

/// Everything of one track between its packets and its rows: a value that decides, and does nothing else.
///
/// Not copyable: to ask a copyable one for a number, a copy of all it holds would be made, packet by packet.
public struct TrackState: ~Copyable {
    /// Rows and samples leave in blocks of this many milliseconds: small enough to lose little, large enough to be cheap.
    static let blockMs = 200

    /// How the rows look that leave the track.
    public let info: TrackInfo
    /// The columns of all that is measured: first those that leave, then those that only the signals read.
    public let measured: [Column]
    private var timeline: TrackTimeline
    private var framer: Framer
    private var measure: Measure
    private var blocks: TrackBlocks

    /// - Parameters:
    ///   - kinds: what somebody wants; blocks of other kinds are not made.
    ///   - originMs: the platform's timestamp that is the call clock's zero.
    public init(
        role: TrackRole, format: MediaFormat, originMs: Int64, settings: StreamSettings, kinds: PipelineItem.Kinds
    ) throws {
        let codec = try CodecCatalog.codec(for: format)
        let grid = settings.analysis.grid(sampleRate: format.sampleRate)
        // The lowest ceiling of the codecs: a recording does not tell which of them it went through, and the same audio
        // must give the same rows.
        let measure = try Measure(
            grid: grid, features: settings.measuredFeatures, settings: settings.analysis, ceiling: PCMU.ceiling)
        timeline = TrackTimeline(
            settings: settings.timeline, codec: codec, sampleRate: format.sampleRate, originMs: originMs)
        framer = Framer(grid: grid)
        self.measure = measure
        measured = measure.columns
        let shown = Measure.columns(grid: grid, features: settings.analysis.features, settings: settings.analysis)
        info = TrackInfo(role: role, grid: grid, columns: shown)
        blocks = TrackBlocks(info: info, measured: measured, blockMs: Self.blockMs, kinds: kinds)
    }

    public var counters: TrackCounters { timeline.counters }
    /// The track's span on the call clock.
    public var sampleCount: Int64 { timeline.next }
    public var rowCount: Int64 { blocks.rowCount }

    /// One past the last sample of a packet that is about to be accepted, as its timestamp has it.
    func end(of packet: MediaPacket) -> Int64 { timeline.end(of: packet) }

    /// Takes the next packet as it came.
    ///
    /// - Parameters:
    ///   - receiver: gets every row at once, and blocks and gaps.
    public mutating func accept(_ packet: MediaPacket, _ receiver: some TrackReceiver) {
        Self.feed(&timeline, &framer, &measure, &blocks, receiver) { timeline, take in
            timeline.accept(packet, take)
        }
    }

    /// The track is over: gives all that is still held back.
    public mutating func finish(_ receiver: some TrackReceiver) {
        Self.feed(&timeline, &framer, &measure, &blocks, receiver) { timeline, take in timeline.finish(take) }
        Self.finish(&measure, &blocks, receiver)
        blocks.flush(receiver)
    }

    // The stages are parameters of their own, so that each may run inside the closure of the one before it.

    private static func feed(
        _ timeline: inout TrackTimeline, _ framer: inout Framer, _ measure: inout Measure,
        _ blocks: inout TrackBlocks, _ receiver: some TrackReceiver,
        _ drive: (inout TrackTimeline, (TrackTimeline.Output) -> Void) -> Void
    ) {
        drive(&timeline) { output in
            switch output {
            case .gap(let gap): receiver.take(.gap(gap))
            case .samples(let first, let samples):
                blocks.add(samples, first: first, receiver)
                framer.push(samples) { frame in
                    measure.process(frame) { row, values in
                        receiver.take(row: row, values)
                        blocks.add(row: row, values, receiver)
                    }
                }
            }
        }
    }

    private static func finish(
        _ measure: inout Measure, _ blocks: inout TrackBlocks, _ receiver: some TrackReceiver
    ) {
        measure.finish { row, values in
            receiver.take(row: row, values)
            blocks.add(row: row, values, receiver)
        }
    }
}
