/// Neighbouring rows of one track, ready to leave the track.
public struct RowBlock: Sendable {
    public let track: TrackRole
    public let grid: FrameGrid
    public let columns: [Column]
    /// The number of the first row, from 0 at the call clock's zero.
    public var firstRow: Int64
    /// Row by row, one value a column: shape `[rows, columns.count]`. Not-a-number is an empty cell.
    public var values: [Float]
    /// 0 for a block of `values`; otherwise the block is a run of so many rows, all equal to the one in `values`.
    public var runLength: Int64 = 0

    public init(track: TrackRole, grid: FrameGrid, columns: [Column], firstRow: Int64, values: [Float] = []) {
        self.track = track
        self.grid = grid
        self.columns = columns
        self.firstRow = firstRow
        self.values = values
    }

    /// How many rows it holds or stands for.
    public var count: Int {
        guard runLength == 0 else { return Int(runLength) }
        return columns.isEmpty ? 0 : values.count / columns.count
    }
}

/// Neighbouring decoded samples of one track, gaps concealed.
public struct SampleBlock: Sendable {
    public let track: TrackRole
    public let sampleRate: Int
    /// The place of the first sample on the call clock.
    public var firstSample: Int64
    public var samples: [Int16]
    /// 0 for a block of `samples`; otherwise the block is a run of so many zero samples, and `samples` is empty.
    public var runLength: Int64 = 0

    public init(track: TrackRole, sampleRate: Int, firstSample: Int64, samples: [Int16] = []) {
        self.track = track
        self.sampleRate = sampleRate
        self.firstSample = firstSample
        self.samples = samples
    }

    /// How many samples it holds or stands for.
    public var count: Int64 { runLength > 0 ? runLength : Int64(samples.count) }
}
