import Logging
import SidetoneModel
import SidetoneTestDoubles

@testable import SidetonePipeline

let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

let naming = StreamNaming(component: { "<\($0)>" }, now: { 1_772_366_400 })

func start(call: String = "CA1", stream: String = "MZ1", encoding: String = "PCMU") -> StreamStart {
    StreamStart(
        streamID: stream, callID: call, tracks: [.inbound, .outbound],
        format: MediaFormat(encoding: Encoding(rawValue: encoding), sampleRate: 8_000))
}

/// Packets of 20 ms of noise, numbered and timed as a platform does.
func packets(_ track: TrackRole, numbers: Range<Int>) -> [MediaPacket] {
    numbers.map { number in
        var noise = SplitMix64(seed: UInt64(number * 2 + track.index))
        return MediaPacket(
            track: track, sequence: nil, chunk: Int64(number + 1), timestampMs: Int64(number * 20),
            payload: noise.bytes(160))
    }
}

/// What leaves a stream, sorted by kind.
struct Left {
    var opened = 0
    var tracks: [TrackInfo] = []
    var samples: [TrackRole: [Int16]] = [:]
    var rows: [TrackRole: [Float]] = [:]
    var steps: [TrackRole: [OverviewSample]] = [:]
    var signals: [Signal] = []
    var messages: [CapturedMessage] = []
    var summaries: [StreamSummary] = []
    /// Whether each block began where the one before it ended.
    var isContinuous = true

    init(_ items: [PipelineItem]) {
        for case .stream(_, let output) in items {
            switch output {
            case .opened: opened += 1
            case .track(let info): tracks.append(info)
            case .samples(let block):
                if block.firstSample != Int64(samples[block.track, default: []].count) { isContinuous = false }
                samples[block.track, default: []] += block.samples
            case .rows(let block):
                let place = rows[block.track, default: []].count / block.columns.count
                if block.firstRow != Int64(place) { isContinuous = false }
                rows[block.track, default: []] += block.values
            case .signal(let signal): signals.append(signal)
            case .message(let message): messages.append(message)
            case .step(let step): steps[step.track, default: []].append(step)
            case .health: break
            case .ended(let summary): summaries.append(summary)
            }
        }
    }
}

/// A sink behind a queue that holds all of a test.
struct Recorder {
    let sink: RecordingSink
    let fanout: SinkFanout

    init(_ kinds: PipelineItem.Kinds = [.samples, .rows, .signals, .messages]) {
        sink = RecordingSink(kinds)
        fanout = SinkFanout([SinkQueue(sink, limit: 100_000, logger: quiet)])
    }

    /// Blocks and signals that wait for the sink.
    var waiting: Int { fanout.queues[0].items.count }

    func left() async throws -> Left {
        try await fanout.drain()
        return Left(sink.items)
    }
}
