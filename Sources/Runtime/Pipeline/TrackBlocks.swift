import SidetoneModel

/// Collects a track's samples and rows into blocks, and computes its overview for dashboards.
///
/// Silence longer than a block is emitted as a run, however long it is.
struct TrackBlocks {
    private let role: TrackRole
    private let kinds: PipelineItem.Kinds
    private let rowsPerBlock: Int
    private let samplesPerBlock: Int
    private var rows: RowBlock
    private var samples: SampleBlock
    /// The runs of silent rows and samples that follow those blocks; `runLength` 0 if there are none.
    private var rowRun: RowBlock
    private var sampleRun: SampleBlock
    private var overview: TrackOverviewBuilder?
    private(set) var rowCount: Int64 = 0

    /// - Parameter measured: the columns of all features, including those that only the signals read.
    init(info: TrackInfo, measured: [Column], blockMs: Int, kinds: PipelineItem.Kinds) {
        role = info.role
        self.kinds = kinds
        samplesPerBlock = max(1, info.grid.sampleRate * blockMs / 1_000)
        rowsPerBlock = max(1, samplesPerBlock / info.grid.hop)
        rows = RowBlock(track: info.role, grid: info.grid, columns: info.columns, firstRow: 0)
        samples = SampleBlock(track: info.role, sampleRate: info.grid.sampleRate, firstSample: 0)
        rowRun = rows
        sampleRun = samples
        if kinds.contains(.overview) {
            overview = TrackOverviewBuilder(role: info.role, grid: info.grid, columns: measured)
        }
    }

    mutating func add(_ new: [Int16], first: Int64, into receiver: inout some TrackReceiver) {
        overview?.add(new, first: first)
        guard kinds.contains(.samples) else { return }
        if sampleRun.runLength > 0 { endSampleRun(into: &receiver) }
        if samples.samples.isEmpty {
            samples.firstSample = first
            samples.samples.reserveCapacity(samplesPerBlock + new.count)
        }
        samples.samples.append(contentsOf: new)
        if samples.samples.count >= samplesPerBlock { flushSamples(into: &receiver) }
    }

    /// Adds a run of zero samples.
    mutating func add(silence count: Int64, first: Int64) {
        overview?.add(silence: count, first: first)
        guard kinds.contains(.samples) else { return }
        if sampleRun.runLength == 0 { sampleRun.firstSample = first }
        sampleRun.runLength += count
    }

    mutating func add(row: Int64, _ values: Span<Float>, into receiver: inout some TrackReceiver) {
        rowCount += 1
        let role = role
        overview?.add(row: row, values: values) { receiver.receive(.step($0), from: role) }
        guard kinds.contains(.rows) else { return }
        if rowRun.runLength > 0 { endRowRun(into: &receiver) }
        if rows.values.isEmpty {
            rows.firstRow = row
            rows.values.reserveCapacity(rowsPerBlock * rows.columns.count)
        }
        // Columns that only the signals read come after those that are output.
        for n in rows.columns.indices { rows.values.append(values[n]) }
        if rows.count >= rowsPerBlock { flushRows(into: &receiver) }
    }

    /// Adds a run of equal silent rows.
    mutating func add(rows run: Range<Int64>, _ values: Span<Float>, into receiver: inout some TrackReceiver) {
        rowCount += Int64(run.count)
        let role = role
        overview?.add(rows: run, values: values) { receiver.receive(.step($0), from: role) }
        guard kinds.contains(.rows) else { return }
        if rowRun.runLength == 0 {
            rowRun.firstRow = run.lowerBound
            rowRun.values.removeAll(keepingCapacity: true)
            for n in rowRun.columns.indices { rowRun.values.append(values[n]) }
        }
        rowRun.runLength += Int64(run.count)
    }

    /// Emits the runs that are at least as long as a block, when nothing follows for now.
    mutating func flushRuns(into receiver: inout some TrackReceiver) {
        if rowRun.runLength >= Int64(rowsPerBlock) { endRowRun(into: &receiver) }
        if sampleRun.runLength >= Int64(samplesPerBlock) { endSampleRun(into: &receiver) }
    }

    mutating func flush(into receiver: inout some TrackReceiver) {
        if rowRun.runLength > 0 { endRowRun(into: &receiver) }
        if sampleRun.runLength > 0 { endSampleRun(into: &receiver) }
        flushRows(into: &receiver)
        flushSamples(into: &receiver)
        let role = role
        overview?.finish { receiver.receive(.step($0), from: role) }
    }

    /// A short run is appended to the block before it; a long one is emitted after it.
    private mutating func endRowRun(into receiver: inout some TrackReceiver) {
        let count = rowRun.runLength
        if count < Int64(rowsPerBlock) {
            if rows.values.isEmpty { rows.firstRow = rowRun.firstRow }
            for _ in 0..<count { rows.values += rowRun.values }
            if rows.count >= rowsPerBlock { flushRows(into: &receiver) }
        } else {
            flushRows(into: &receiver)
            receiver.receive(.rows(rowRun), from: role)
        }
        rowRun.runLength = 0
    }

    private mutating func endSampleRun(into receiver: inout some TrackReceiver) {
        let count = sampleRun.runLength
        if count < Int64(samplesPerBlock) {
            if samples.samples.isEmpty { samples.firstSample = sampleRun.firstSample }
            samples.samples.append(contentsOf: repeatElement(0, count: Int(count)))
            if samples.samples.count >= samplesPerBlock { flushSamples(into: &receiver) }
        } else {
            flushSamples(into: &receiver)
            receiver.receive(.samples(sampleRun), from: role)
        }
        sampleRun.runLength = 0
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
