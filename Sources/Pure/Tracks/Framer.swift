public import SidetoneModel

/// Cuts a track's samples into overlapping frames, wherever the packets were cut.
public struct Framer {
    private let grid: FrameGrid
    /// The samples not yet done with, linear, −1…1.
    private var samples: [Float]
    /// Where in `samples` the next frame starts, and where they end.
    private var start = 0
    private var end = 0
    /// Zero samples at the end of what came.
    private var zeros = 0

    public init(grid: FrameGrid) {
        self.grid = grid
        // Small, because a server has a thousand of them and each packet finds its own cold.
        samples = [Float](repeating: 0, count: 2 * (grid.window + grid.hop))
    }

    /// Appends the next samples; emits every frame that they complete, shape `[window]`.
    public mutating func push(_ new: [Int16], emit: (Span<Float>) -> Void) {
        zeros = 0
        var taken = 0
        while taken < new.count {
            if end == samples.count { compact() }
            let count = min(new.count - taken, samples.count - end)
            append(new, from: taken, count: count)
            taken += count
            while end - start >= grid.window {
                emit(samples.span.extracting(start..<start + grid.window))
                start += grid.hop
            }
        }
    }

    /// Appends a run of zero samples.
    ///
    /// - Parameters:
    ///   - emit: gets every frame that they complete and that may hold something else.
    ///   - run: gets the number of frames that follow and hold only zeros, with one such frame, shape `[window]`.
    /// - Complexity: O(window), however many samples.
    public mutating func pushSilence(
        _ count: Int64, emit: (Span<Float>) -> Void, run: (Int64, Span<Float>) -> Void
    ) {
        var left = count
        while left > 0 {
            if zeros >= grid.window + grid.hop, end - start < grid.window, left >= Int64(grid.hop) {
                // Only zeros are left in what is kept, so that only its length matters.
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

    /// Keeps `rest` zeros; fewer than none where a hop longer than the window skips samples that have not come yet.
    private mutating func refill(_ rest: Int64) {
        for n in samples.indices { samples[n] = 0 }
        start = rest < 0 ? Int(-rest) : 0
        end = rest < 0 ? 0 : Int(rest)
    }

    /// The samples from the start of the next frame on, which are fewer than a window.
    public var rest: [Float] { start < end ? Array(samples[start..<end]) : [] }

    private mutating func append(_ new: [Int16], from first: Int, count: Int) {
        let place = end
        end += count
        let source = new.span
        var target = samples.mutableSpan
        for n in 0..<count { target[place + n] = Float(source[first + n]) * (1 / 32_768) }
    }

    /// Moves what is still needed to the front. A hop longer than the window leaves `start` past the end: samples that
    /// have not come yet and that no frame covers.
    private mutating func compact() {
        let count = max(0, end - start)
        for n in 0..<count { samples[n] = samples[start + n] }
        start = max(0, start - end)
        end = count
    }
}
