import SidetoneModel

extension PipelineItem {
    /// The cost of the item in a queue, in bytes: its payload plus an allowance for its parts.
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

    /// The owner whose share of a queue it uses: its stream, or for a log entry its call.
    var owner: UInt {
        switch self {
        // The address of an object is even, so that streams and calls cannot collide.
        case .stream(let stream, _): UInt(bitPattern: ObjectIdentifier(stream))
        case .log(let entry): UInt(bitPattern: entry.call.hashValue) | 1
        }
    }

    /// Its time, in seconds on the call clock; nil if unknown.
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
    /// The name of a single kind in signals and summaries.
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
