/// Neighbouring rows of one track, ready to leave the track.
public struct RowBlock: Sendable {
    public let track: TrackRole
    public let grid: FrameGrid
    public let columns: [Column]
    /// The number of the first row, from 0 at the call clock's zero.
    public var firstRow: Int64
    /// Row by row, one value a column: shape `[rows, columns.count]`. Not-a-number is an empty cell.
    public var values: [Float]

    public init(track: TrackRole, grid: FrameGrid, columns: [Column], firstRow: Int64, values: [Float] = []) {
        self.track = track
        self.grid = grid
        self.columns = columns
        self.firstRow = firstRow
        self.values = values
    }

    public var count: Int { columns.isEmpty ? 0 : values.count / columns.count }
}

/// Neighbouring decoded samples of one track, gaps concealed.
public struct SampleBlock: Sendable {
    public let track: TrackRole
    public let sampleRate: Int
    /// The place of the first sample on the call clock.
    public var firstSample: Int64
    public var samples: [Int16]

    public init(track: TrackRole, sampleRate: Int, firstSample: Int64, samples: [Int16] = []) {
        self.track = track
        self.sampleRate = sampleRate
        self.firstSample = firstSample
        self.samples = samples
    }
}
