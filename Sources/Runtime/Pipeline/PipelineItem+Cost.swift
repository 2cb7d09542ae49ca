import SidetoneModel

extension PipelineItem {
    /// What the item costs in a queue, in bytes: its payload, and an allowance for its parts.
    var bytes: Int {
        switch self {
        case .stream(_, .samples(let block)): 128 + block.samples.count * 2
        case .stream(_, .rows(let block)): 128 + block.values.count * 4
        case .stream(_, .message(let message)): 128 + message.message.bytes.count
        case .stream(_, .signal(let signal)): 256 + signal.values.count * 64
        case .stream: 256
        case .log(let entry): 256 + entry.values.count * 128
        }
    }

    /// Whose share of a queue it uses: its stream's, or for a log entry its call's.
    var owner: UInt {
        switch self {
        // An object's address is even, so that no stream meets a call.
        case .stream(let stream, _): UInt(bitPattern: ObjectIdentifier(stream))
        case .log(let entry): UInt(bitPattern: entry.call.hashValue) | 1
        }
    }

    /// When it is, in seconds on the call clock; nil where that is not known.
    var span: (start: Double, end: Double)? {
        switch self {
        case .stream(_, .samples(let block)):
            (
                MediaTime(samples: block.firstSample, sampleRate: block.sampleRate).seconds,
                MediaTime(samples: block.firstSample + block.count, sampleRate: block.sampleRate).seconds
            )
        case .stream(_, .rows(let block)):
            (
                block.grid.start(ofRow: block.firstRow).seconds,
                block.grid.end(ofRow: block.firstRow + Int64(max(1, block.count)) - 1).seconds
            )
        case .stream(_, .step(let step)): (step.end - Double(TrackOverview.stepMs) / 1_000, step.end)
        case .stream(_, .signal(let signal)): (signal.start, signal.end ?? signal.start)
        case .stream(_, .message(let message)): (message.arrival, message.arrival)
        case .stream, .log: nil
        }
    }
}

extension PipelineItem.Kinds {
    /// The word for a single kind in signals and summaries.
    var name: String {
        switch self {
        case .samples: "samples"
        case .rows: "rows"
        case .signals: "signals"
        case .messages: "messages"
        case .logs: "logs"
        case .health: "health"
        case .overview: "overview"
        default: "all"
        }
    }
}
