import SidetoneModel

/// Records both tracks of a call into one file on the call clock, left inbound, right outbound.
///
/// Samples available from both tracks are written together. A track that lags or never starts delays the other by less
/// than a second: then silence is written in its place, and late samples replace it afterwards.
final class StereoRecorder {
    /// The number of frames available from both tracks that triggers a write.
    static let commonMs = 600
    /// The maximum lead of one track.
    static let aheadMs = 800

    private let writer: WAVWriter
    private let common: Int64
    private let ahead: Int64
    /// Interleaved frames starting at `base`.
    private var pending: [Int16] = []
    private var base: Int64 = 0
    /// The position of each track's next sample.
    private var next: [Int64] = [0, 0]
    private var patch: [Int16] = []

    init(_ writer: WAVWriter) {
        self.writer = writer
        common = Int64(writer.sampleRate * Self.commonMs / 1_000)
        ahead = Int64(writer.sampleRate * Self.aheadMs / 1_000)
    }

    var sampleRate: Int { writer.sampleRate }

    func append(_ block: SampleBlock) throws(FileError) {
        let side = block.track.index
        var position = max(block.firstSample, next[side])
        let end = block.firstSample + Int64(block.samples.count)
        guard position < end else { return }
        next[side] = end
        if position > base + ahead {
            // The hole is longer than the buffer: the buffer is written first.
            try flush(upTo: max(base + Int64(pending.count / 2), min(position, next[1 - side])))
            base = max(base, position)
        }
        if position < base {
            let late = min(end, base)
            try merge(block, side: side, range: position..<late)
            position = late
        }
        let missing = Int(end - base) * 2 - pending.count
        if missing > 0 { pending.append(contentsOf: repeatElement(0, count: missing)) }
        interleave(
            block.samples[Int(position - block.firstSample)...], at: Int(position - base) * 2 + side, frames: &pending)
        let shared = min(next[0], next[1])
        if shared - base >= common {
            try flush(upTo: shared)
        } else if max(next[0], next[1]) - base >= ahead {
            try flush(upTo: max(next[0], next[1]))
        }
    }

    private func interleave(_ samples: ArraySlice<Int16>, at first: Int, frames: inout [Int16]) {
        var position = first
        for sample in samples {
            frames[position] = sample
            position += 2
        }
    }

    /// - Parameter samples: the span of the longer track; blocks lost at its end become silence. Nil if unknown.
    func finish(samples: Int64?) throws(FileError) {
        try flush(upTo: base + Int64(pending.count / 2))
        if let samples { try writer.extend(to: samples) }
        try writer.close()
    }

    /// Removes the file.
    func discard() throws(FileError) { try writer.discard() }

    private func flush(upTo end: Int64) throws(FileError) {
        let count = min(pending.count, Int(end - base) * 2)
        guard count > 0 else { return }
        if count == pending.count {
            try writer.write(pending, at: base)
            pending.removeAll(keepingCapacity: true)
        } else {
            try writer.write(Array(pending[..<count]), at: base)
            pending.removeFirst(count)
        }
        base += Int64(count / 2)
    }

    /// Writes one side of frames that are already in the file.
    private func merge(_ block: SampleBlock, side: Int, range: Range<Int64>) throws(FileError) {
        guard !range.isEmpty else { return }
        patch.removeAll(keepingCapacity: true)
        patch.append(contentsOf: repeatElement(0, count: range.count * 2))
        try writer.read(&patch, at: range.lowerBound)
        for (n, position) in range.enumerated() {
            patch[n * 2 + side] = block.samples[Int(position - block.firstSample)]
        }
        try writer.write(patch, at: range.lowerBound)
    }
}
