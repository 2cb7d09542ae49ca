public import SidetoneModel

/// Cuts a track's samples into overlapping frames, independently of packet boundaries.
public struct Framer {
    private let grid: FrameGrid
    /// The samples still needed, linear, −1…1.
    private var samples: [Float]
    /// The start of the next frame in `samples`, and the end of the samples.
    private var start = 0
    private var end = 0
    /// The number of trailing zero samples.
    private var zeros = 0

    public init(grid: FrameGrid) {
        self.grid = grid
        // Kept small: a server holds a thousand of them, and each packet finds its own out of cache.
        samples = [Float](repeating: 0, count: 2 * (grid.window + grid.hop))
    }

    /// Appends samples and emits every frame that they complete, shape `[window]`.
    public mutating func push(_ new: [Int16], emit: (Span<Float>) -> Void) {
        zeros = 0
        var consumed = 0
        while consumed < new.count {
            if end == samples.count { compact() }
            let count = min(new.count - consumed, samples.count - end)
            append(new, from: consumed, count: count)
            consumed += count
            while end - start >= grid.window {
                emit(samples.span.extracting(start..<start + grid.window))
                start += grid.hop
            }
        }
    }

    /// Appends a run of zero samples.
    ///
    /// - Parameters:
    ///   - emit: receives every completed frame that may contain other samples than zero.
    ///   - run: receives the number of all-zero frames that follow, with one such frame, shape `[window]`.
    /// - Complexity: O(window), independent of the number of samples.
    public mutating func pushSilence(
        _ count: Int64, emit: (Span<Float>) -> Void, run: (Int64, Span<Float>) -> Void
    ) {
        var left = count
        while left > 0 {
            if zeros >= grid.window + grid.hop, end - start < grid.window, left >= Int64(grid.hop) {
                // All samples kept are zeros, so only their number matters.
                let frames = (Int64(end - start) + left - Int64(grid.window)) / Int64(grid.hop) + 1
                if Int64(end - start) + left >= Int64(grid.window), frames > 0 {
                    let rest = Int64(end - start) + left - frames * Int64(grid.hop)
                    refill(rest)
                    run(frames, samples.span.extracting(0..<grid.window))
                    return
                }
            }
            if end == samples.count { compact() }
            let piece = Int(min(left, Int64(min(samples.count - end, grid.hop))))
            for n in 0..<piece { samples[end + n] = 0 }
            end += piece
            zeros = min(zeros + piece, 2 * (grid.window + grid.hop))
            left -= Int64(piece)
            while end - start >= grid.window {
                emit(samples.span.extracting(start..<start + grid.window))
                start += grid.hop
            }
        }
    }

    /// Keeps `rest` zeros; negative where a hop longer than the window skips samples that have not arrived yet.
    private mutating func refill(_ rest: Int64) {
        for n in samples.indices { samples[n] = 0 }
        start = rest < 0 ? Int(-rest) : 0
        end = rest < 0 ? 0 : Int(rest)
    }

    /// The remaining samples from the start of the next frame, fewer than a window.
    public var rest: [Float] { start < end ? Array(samples[start..<end]) : [] }

    private mutating func append(_ new: [Int16], from first: Int, count: Int) {
        let offset = end
        end += count
        let source = new.span
        var target = samples.mutableSpan
        for n in 0..<count { target[offset + n] = Float(source[first + n]) * (1 / 32_768) }
    }

    /// Moves the samples still needed to the front. With a hop longer than the window, `start` may lie past the end: on
    /// samples that have not arrived yet and that no frame covers.
    private mutating func compact() {
        let count = max(0, end - start)
        for n in 0..<count { samples[n] = samples[start + n] }
        start = max(0, start - end)
        end = count
    }
}
