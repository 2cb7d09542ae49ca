import SidetoneModel

/// Records one track at its position on the call clock; buffers at most 0.6 s.
final class TrackRecorder {
    /// Blocks hold 200 ms, so including the block still being filled a kill loses less than 1 s.
    static let pendingMs = 600

    private let writer: WAVWriter
    private let limit: Int
    private var pending: [Int16] = []
    /// The position of the next sample.
    private var next: Int64 = 0

    init(_ writer: WAVWriter) {
        self.writer = writer
        limit = writer.sampleRate * Self.pendingMs / 1_000
        pending.reserveCapacity(limit + limit / 3)
    }

    /// Appends a block: a hole before it becomes silence, and overlapping samples are not overwritten.
    func append(_ block: SampleBlock) throws(FileError) {
        let skipped = Int(max(0, min(next - block.firstSample, Int64(block.samples.count))))
        guard skipped < block.samples.count else { return }
        if block.firstSample > next {
            try flush()
            next = block.firstSample
        }
        pending.append(contentsOf: block.samples[skipped...])
        next += Int64(block.samples.count - skipped)
        if pending.count >= limit { try flush() }
    }

    /// - Parameter samples: the span of the track; blocks lost at its end become silence. Nil if unknown.
    func finish(samples: Int64?) throws(FileError) {
        try flush()
        if let samples { try writer.extend(to: samples) }
        try writer.close()
    }

    private func flush() throws(FileError) {
        try writer.write(pending, at: next - Int64(pending.count))
        pending.removeAll(keepingCapacity: true)
    }
}
