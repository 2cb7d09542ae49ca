import SidetoneModel

/// Gathers a track's samples and rows into blocks, and sums them up in steps for those who look at it.
struct TrackBlocks {
    private let role: TrackRole
    private let kinds: PipelineItem.Kinds
    private let rowsPerBlock: Int
    private let samplesPerBlock: Int
    private var rows: RowBlock
    private var samples: SampleBlock
    private var overview: TrackOverviewBuilder?
    private(set) var rowCount: Int64 = 0

    /// - Parameter measured: the columns of all that is measured, also of what only the signals read.
    init(info: TrackInfo, measured: [Column], blockMs: Int, kinds: PipelineItem.Kinds) {
        role = info.role
        self.kinds = kinds
        samplesPerBlock = max(1, info.grid.sampleRate * blockMs / 1_000)
        rowsPerBlock = max(1, samplesPerBlock / info.grid.hop)
        rows = RowBlock(track: info.role, grid: info.grid, columns: info.columns, firstRow: 0)
        samples = SampleBlock(track: info.role, sampleRate: info.grid.sampleRate, firstSample: 0)
        if kinds.contains(.overview) {
            overview = TrackOverviewBuilder(role: info.role, grid: info.grid, columns: measured)
        }
    }

    mutating func add(_ new: [Int16], first: Int64, into receiver: inout some TrackReceiver) {
        overview?.add(new, first: first)
        guard kinds.contains(.samples) else { return }
        if samples.samples.isEmpty {
            samples.firstSample = first
            samples.samples.reserveCapacity(samplesPerBlock + new.count)
        }
        samples.samples.append(contentsOf: new)
        if samples.samples.count >= samplesPerBlock { flushSamples(into: &receiver) }
    }

    mutating func add(row: Int64, _ values: Span<Float>, into receiver: inout some TrackReceiver) {
        rowCount += 1
        overview?.add(row: row, values) { receiver.receive(.step($0), from: role) }
        guard kinds.contains(.rows) else { return }
        if rows.values.isEmpty {
            rows.firstRow = row
            rows.values.reserveCapacity(rowsPerBlock * rows.columns.count)
        }
        // What only the signals read stands behind the columns that leave.
        for n in rows.columns.indices { rows.values.append(values[n]) }
        if rows.count >= rowsPerBlock { flushRows(into: &receiver) }
    }

    mutating func flush(into receiver: inout some TrackReceiver) {
        flushRows(into: &receiver)
        flushSamples(into: &receiver)
        overview?.finish { receiver.receive(.step($0), from: role) }
    }

    private mutating func flushRows(into receiver: inout some TrackReceiver) {
        guard !rows.values.isEmpty else { return }
        receiver.receive(.rows(rows), from: role)
        rows.values = []
    }

    private mutating func flushSamples(into receiver: inout some TrackReceiver) {
        guard !samples.samples.isEmpty else { return }
        receiver.receive(.samples(samples), from: role)
        samples.samples = []
    }
}
