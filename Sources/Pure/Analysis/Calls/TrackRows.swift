import SidetoneModel

/// The latest rows of one track: of each, the columns that the call's signals read.
struct TrackRows {
    let grid: FrameGrid
    /// Where each column that is read lies in the track's rows; −1 where the track has none.
    private let places: [Int]
    /// A ring of rows, `places.count` values each.
    private var values: [Float]
    private var numbers: [Int64]
    private let rowsPerStep: Double
    /// Whether row and step have the same number, as with every rate that gives a whole number of samples a hop.
    private let isAligned: Bool
    /// One past the newest row; nil before the first.
    private(set) var next: Int64?
    /// The first step that it has a row for; nil before the first.
    private(set) var firstStep: Int64?
    private(set) var isOver = false

    /// - Parameter depth: for how many steps back a row can be asked for.
    init(grid: FrameGrid, places: [Int?], clock: CallClock, depth: Int) {
        self.grid = grid
        self.places = places.map { $0 ?? -1 }
        let hop = Double(grid.hop) / Double(grid.sampleRate)
        rowsPerStep = clock.hop / hop
        isAligned = abs(hop - clock.hop) < 1e-9
        let needed = Int((Double(depth) * max(1, rowsPerStep)).rounded(.up)) + 2
        // A power of two: the place in a ring is then found without a division.
        var capacity = 1
        while capacity < needed { capacity *= 2 }
        values = [Float](repeating: .nan, count: capacity * max(1, places.count))
        numbers = [Int64](repeating: -1, count: capacity)
    }

    /// The row that speaks for a step.
    func row(ofStep step: Int64) -> Int64 {
        isAligned ? step : Int64(((Double(step) + 0.5) * rowsPerStep).rounded(.down))
    }

    /// The first step that a row speaks for.
    func step(ofRow row: Int64) -> Int64 {
        if isAligned { return row }
        var step = Int64((Double(row) / rowsPerStep - 0.5).rounded(.up))
        while self.row(ofStep: step) < row { step += 1 }
        return step
    }

    /// One past the last step that its rows speak for; very small before the first.
    var newestStep: Int64 { next.map { step(ofRow: $0) } ?? .min }

    /// Whether nothing that comes can change what is known of a step.
    func hasDecided(_ step: Int64) -> Bool {
        if isOver { return true }
        guard let next else { return false }
        return row(ofStep: step) < next
    }

    mutating func keep(_ row: Int64, _ columns: Span<Float>) {
        let slot = slot(row)
        numbers[slot] = row
        let places = places
        let start = slot * places.count
        var values = values.mutableSpan
        for index in places.indices { values[start + index] = places[index] < 0 ? .nan : columns[places[index]] }
        if next == nil { firstStep = step(ofRow: row) }
        next = row + 1
    }

    private func slot(_ row: Int64) -> Int { Int(row) & (numbers.count - 1) }

    mutating func end() { isOver = true }

    /// Copies the row of a step to `target` from `offset` on; false, and not-a-number, where there is none.
    func copy(step: Int64, to target: inout [Float], at offset: Int) -> Bool {
        let row = row(ofStep: step)
        let slot = slot(row)
        let isPresent = numbers[slot] == row
        let start = slot * places.count
        let values = values.span
        var target = target.mutableSpan
        for index in places.indices { target[offset + index] = isPresent ? values[start + index] : .nan }
        return isPresent
    }

    /// One column of the row of a step; nil where there is none.
    func value(step: Int64, column: Int) -> Float? {
        let row = row(ofStep: step)
        let slot = slot(row)
        return numbers[slot] == row ? values[slot * places.count + column] : nil
    }
}
