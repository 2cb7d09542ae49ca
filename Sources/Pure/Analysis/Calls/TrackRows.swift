import SidetoneModel

/// The progress of one track's rows on the call clock.
///
/// Separate from the rows, so that reading it does not copy them.
struct TrackProgress {
    private let grid: FrameGrid
    private let rowsPerStep: Double
    /// Whether row and step have the same index, which is the case for every rate with a whole number of samples per
    /// hop.
    private let isAligned: Bool
    /// One past the newest row; nil before the first.
    private(set) var next: Int64?
    /// The first step with a row; nil before the first row.
    private(set) var firstStep: Int64?
    private(set) var isOver = false

    init(grid: FrameGrid, clock: CallClock) {
        self.grid = grid
        let hop = Double(grid.hop) / Double(grid.sampleRate)
        rowsPerStep = clock.hop / hop
        isAligned = abs(hop - clock.hop) < 1e-9
    }

    /// The maximum number of rows in a number of steps.
    func rows(inSteps steps: Int) -> Int { Int((Double(steps) * max(1, rowsPerStep)).rounded(.up)) }

    /// The row that represents a step.
    func row(ofStep step: Int64) -> Int64 {
        isAligned ? step : Int64(((Double(step) + 0.5) * rowsPerStep).rounded(.down))
    }

    /// The first step that a row represents.
    func step(ofRow row: Int64) -> Int64 {
        if isAligned { return row }
        var step = Int64((Double(row) / rowsPerStep - 0.5).rounded(.up))
        while self.row(ofStep: step) < row { step += 1 }
        return step
    }

    /// One past the last step that its rows represent; a very small number before the first.
    var newestStep: Int64 { next.map { step(ofRow: $0) } ?? .min }

    /// Whether no future row can change a step.
    func hasDecided(_ step: Int64) -> Bool {
        if isOver { return true }
        guard let next else { return false }
        return row(ofStep: step) < next
    }

    /// The end of the row that represents a step, or of the newest one before it, in seconds; 0 before the first.
    func end(ofStep step: Int64) -> Double {
        guard let next else { return 0 }
        return grid.end(ofRow: max(0, min(row(ofStep: step), next - 1))).seconds
    }

    mutating func append(_ row: Int64) {
        if next == nil { firstStep = step(ofRow: row) }
        next = row + 1
    }

    mutating func end() { isOver = true }
}

/// The latest rows of one track, with the columns that the call's signals read.
struct TrackRows {
    /// The index of each of these columns in the track's rows; −1 if the track does not have it.
    private let columnIndices: [Int]
    /// A ring of rows, `columnIndices.count` values each.
    private var values: [Float]
    private var numbers: [Int64]
    /// - Parameter depth: the number of past rows available.
    init(columnIndices: [Int?], depth: Int) {
        self.columnIndices = columnIndices.map { $0 ?? -1 }
        let needed = depth + 2
        // A power of two, so that the ring index needs no division.
        var capacity = 1
        while capacity < needed { capacity *= 2 }
        values = [Float](repeating: .nan, count: capacity * max(1, columnIndices.count))
        numbers = [Int64](repeating: -1, count: capacity)
    }

    mutating func append(_ row: Int64, columns: Span<Float>) {
        let slot = slot(row)
        numbers[slot] = row
        let indices = columnIndices
        let start = slot * columnIndices.count
        var values = values.mutableSpan
        for index in indices.indices { values[start + index] = indices[index] < 0 ? .nan : columns[indices[index]] }
    }

    private func slot(_ row: Int64) -> Int { Int(row) & (numbers.count - 1) }

    /// Copies a row to `target` at `offset`; returns false, and writes not-a-number, if there is none.
    func copy(_ row: Int64, to target: inout [Float], at offset: Int) -> Bool {
        let slot = slot(row)
        let isPresent = numbers[slot] == row
        let start = slot * columnIndices.count
        let values = values.span
        var target = target.mutableSpan
        for index in columnIndices.indices { target[offset + index] = isPresent ? values[start + index] : .nan }
        return isPresent
    }
}
