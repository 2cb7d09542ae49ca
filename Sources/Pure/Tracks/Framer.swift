public import SidetoneModel

/// Cuts a track's samples into overlapping frames, wherever the packets were cut.
public struct Framer {
    private let grid: FrameGrid
    /// The samples not yet done with, linear, −1…1.
    private var samples: [Float]
    /// Where in `samples` the next frame starts, and where they end.
    private var start = 0
    private var end = 0

    public init(grid: FrameGrid) {
        self.grid = grid
        // Small, because a server has a thousand of them and each packet finds its own cold.
        samples = [Float](repeating: 0, count: 2 * (grid.window + grid.hop))
    }

    /// Takes the next samples; gives every frame that they complete, shape `[window]`.
    public mutating func push(_ new: [Int16], _ emit: (Span<Float>) -> Void) {
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
