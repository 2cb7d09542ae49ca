/// Consecutive rows of one track.
public struct RowBlock: Sendable {
    public let track: TrackRole
    public let grid: FrameGrid
    public let columns: [Column]
    /// The index of the first row; row 0 starts at the call clock's zero.
    public var firstRow: Int64
    /// Row-major values, shape `[rows, columns.count]`. Not-a-number is an empty cell.
    public var values: [Float]
    /// 0 for a block of `values`; otherwise the block is a run of this many rows, all equal to the one in `values`.
    public var runLength: Int64 = 0

    public init(track: TrackRole, grid: FrameGrid, columns: [Column], firstRow: Int64, values: [Float] = []) {
        self.track = track
        self.grid = grid
        self.columns = columns
        self.firstRow = firstRow
        self.values = values
    }

    /// The number of rows, stored or as a run.
    public var count: Int {
        guard runLength == 0 else { return Int(runLength) }
        return columns.isEmpty ? 0 : values.count / columns.count
    }
}

/// Consecutive decoded samples of one track, with gaps concealed.
public struct SampleBlock: Sendable {
    public let track: TrackRole
    public let sampleRate: Int
    /// The position of the first sample on the call clock.
    public var firstSample: Int64
    public var samples: [Int16]
    /// 0 for a block of `samples`; otherwise the block is a run of this many zero samples, and `samples` is empty.
    public var runLength: Int64 = 0

    public init(track: TrackRole, sampleRate: Int, firstSample: Int64, samples: [Int16] = []) {
        self.track = track
        self.sampleRate = sampleRate
        self.firstSample = firstSample
        self.samples = samples
    }

    /// The number of samples, stored or as a run.
    public var count: Int64 { runLength > 0 ? runLength : Int64(samples.count) }
}
