import SidetoneModel

/// Records both tracks of a call into one file on the call clock, left inbound, right outbound.
///
/// What both tracks have given is written together. A track that lags, or never comes, holds the other up for less than
/// a second: then silence is written in its place, and what comes late is put there afterwards.
final class StereoRecorder {
    /// As much as both tracks have in common is written at once.
    static let commonMs = 600
    /// One track alone is ahead by this much at most.
    static let aheadMs = 800

    private let writer: WAVWriter
    private let common: Int64
    private let ahead: Int64
    /// Interleaved frames from `base` on.
    private var pending: [Int16] = []
    private var base: Int64 = 0
    /// Where each track's next sample belongs.
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
        var place = max(block.firstSample, next[side])
        let end = block.firstSample + Int64(block.samples.count)
        guard place < end else { return }
        next[side] = end
        if place > base + ahead {
            // A hole longer than what waits: all that waits goes first.
            try flush(upTo: max(base + Int64(pending.count / 2), min(place, next[1 - side])))
            base = max(base, place)
        }
        if place < base {
            let late = min(end, base)
            try merge(block, side: side, places: place..<late)
            place = late
        }
        let missing = Int(end - base) * 2 - pending.count
        if missing > 0 { pending.append(contentsOf: repeatElement(0, count: missing)) }
        interleave(block.samples[Int(place - block.firstSample)...], at: Int(place - base) * 2 + side, frames: &pending)
        let shared = min(next[0], next[1])
        if shared - base >= common {
            try flush(upTo: shared)
        } else if max(next[0], next[1]) - base >= ahead {
            try flush(upTo: max(next[0], next[1]))
        }
    }

    private func interleave(_ samples: ArraySlice<Int16>, at first: Int, frames: inout [Int16]) {
        var place = first
        for sample in samples {
            frames[place] = sample
            place += 2
        }
    }

    /// - Parameter samples: the longer track's span; blocks that were lost at its end are silence. Nil where it is not known.
    func finish(samples: Int64?) throws(FileError) {
        try flush(upTo: base + Int64(pending.count / 2))
        if let samples { try writer.extend(to: samples) }
        try writer.close()
    }

    /// Takes the file away again.
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

    /// Puts one side of frames that are in the file already in their place.
    private func merge(_ block: SampleBlock, side: Int, places: Range<Int64>) throws(FileError) {
        guard !places.isEmpty else { return }
        patch.removeAll(keepingCapacity: true)
        patch.append(contentsOf: repeatElement(0, count: places.count * 2))
        try writer.read(&patch, at: places.lowerBound)
        for (n, position) in places.enumerated() {
            patch[n * 2 + side] = block.samples[Int(position - block.firstSample)]
        }
        try writer.write(patch, at: places.lowerBound)
    }
}
