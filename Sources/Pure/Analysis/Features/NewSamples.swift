import SidetoneModel

/// What is new in each frame, cut into blocks of equal length: for measures that run over the samples themselves.
///
/// The first frame is new as a whole, a later one from where the frame before it ended. So that later frames end with a
/// block, which spares copying, the first block begins with `padding` zeros from before the track.
struct NewSamples {
    private let grid: FrameGrid
    /// Samples a block.
    let length: Int
    /// Samples of an unfinished block.
    private var block: [Float]
    private var filled: Int
    /// Zeros before the first sample.
    let padding: Int
    private var isFirst = true

    /// - Parameter length: samples a block, at least 1.
    init(grid: FrameGrid, length: Int) {
        self.grid = grid
        self.length = length
        padding = grid.hop % length == 0 ? (length - grid.window % length) % length : 0
        filled = padding
        block = [Float](repeating: 0, count: length)
    }

    /// Hands on what is left at the track's end: the last block is filled up with zeros.
    ///
    /// - Parameter rest: the samples after the last frame.
    mutating func finish(_ rest: Span<Float>, take: (Span<Float>) -> Void) {
        for n in 0..<rest.count { append(rest[n], take: take) }
        while filled > 0 { append(0, take: take) }
    }

    private mutating func append(_ sample: Float, take: (Span<Float>) -> Void) {
        block[filled] = sample
        filled += 1
        guard filled == length else { return }
        filled = 0
        take(block.span)
    }

    /// Hands on the blocks that a frame completes.
    ///
    /// - Parameter take: gets `length` samples.
    mutating func extract(_ frame: Span<Float>, take: (Span<Float>) -> Void) {
        var at = isFirst ? 0 : max(0, frame.count - grid.hop)
        isFirst = false
        while at < frame.count {
            if filled == 0 && at + length <= frame.count {
                take(frame.extracting(at..<at + length))
                at += length
                continue
            }
            append(frame[at], take: take)
            at += 1
        }
    }
}
