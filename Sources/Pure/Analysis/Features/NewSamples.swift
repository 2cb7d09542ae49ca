import SidetoneModel

/// Cuts the new samples of each frame into blocks of equal length, for features that process continuous samples.
///
/// The first frame is entirely new, a later one from the end of the previous frame. The first block starts with
/// `padding` zeros from before the track, so that later frames end on a block boundary, which avoids copying.
struct NewSamples {
    private let grid: FrameGrid
    /// Samples per block.
    let length: Int
    /// Samples of an unfinished block.
    private var block: [Float]
    private var filled: Int
    /// Zeros before the first sample.
    let padding: Int
    private var isFirst = true

    /// - Parameter length: samples per block, at least 1.
    init(grid: FrameGrid, length: Int) {
        self.grid = grid
        self.length = length
        padding = grid.hop % length == 0 ? (length - grid.window % length) % length : 0
        filled = padding
        block = [Float](repeating: 0, count: length)
    }

    /// Emits the remaining samples at the track's end; the last block is padded with zeros.
    ///
    /// - Parameter rest: the samples after the last frame.
    mutating func finish(_ rest: Span<Float>, emit: (Span<Float>) -> Void) {
        for n in 0..<rest.count { append(rest[n], emit: emit) }
        while filled > 0 { append(0, emit: emit) }
    }

    private mutating func append(_ sample: Float, emit: (Span<Float>) -> Void) {
        block[filled] = sample
        filled += 1
        guard filled == length else { return }
        filled = 0
        emit(block.span)
    }

    /// Emits the blocks that a frame completes.
    ///
    /// - Parameter emit: receives `length` samples.
    mutating func extract(_ frame: Span<Float>, emit: (Span<Float>) -> Void) {
        var at = isFirst ? 0 : max(0, frame.count - grid.hop)
        isFirst = false
        while at < frame.count {
            if filled == 0 && at + length <= frame.count {
                emit(frame.extracting(at..<at + length))
                at += length
                continue
            }
            append(frame[at], emit: emit)
            at += 1
        }
    }
}
