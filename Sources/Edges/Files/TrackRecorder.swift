import SidetoneModel

/// Records one track at its place on the call clock; at most 0.6 s wait in memory.
final class TrackRecorder {
    /// Blocks of 200 ms come one by one: so with the block that is still being gathered less than 1 s can be lost.
    static let pendingMs = 600

    private let writer: WAVWriter
    private let limit: Int
    private var pending: [Int16] = []
    /// Where the next sample belongs.
    private var next: Int64 = 0

    init(_ writer: WAVWriter) {
        self.writer = writer
        limit = writer.sampleRate * Self.pendingMs / 1_000
        pending.reserveCapacity(limit + limit / 3)
    }

    /// Takes a block: a hole before it is silence, what overlaps stays as it was.
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

    /// - Parameter samples: the track's span; blocks that were lost at its end are silence. Nil where it is not known.
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
