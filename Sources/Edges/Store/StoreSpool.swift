/// The pending records in order, up to a memory limit.
///
/// When it is full, the newest record is refused and counted. Ends of streams are always accepted, because a stored stream
/// must not appear to run forever.
struct StoreSpool {
    private let limitBytes: Int
    private var records: [StoreRecord] = []
    /// The number of `records` already written.
    private var written = 0
    private(set) var bytes = 0
    /// Records that were refused.
    private(set) var lost = 0

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    var count: Int { records.count - written }

    /// - Returns: whether it was accepted.
    mutating func offer(_ record: StoreRecord) -> Bool { offer([record]) }

    /// Accepts all records or none.
    mutating func offer(_ new: [StoreRecord]) -> Bool {
        let size = new.reduce(0) { $0 + $1.bytes }
        guard bytes + size <= limitBytes || new.allSatisfy(\.isEnd) else {
            lost += new.count
            return false
        }
        records += new
        bytes += size
        return true
    }

    /// Counts a record of a stream whose opening was refused.
    mutating func refuse() { lost += 1 }

    /// The oldest records.
    func first(_ limit: Int) -> ArraySlice<StoreRecord> {
        records[written..<min(records.count, written + limit)]
    }

    /// Removes the oldest records, which are written.
    mutating func removeFirst(_ count: Int) {
        bytes -= records[written..<(written + count)].reduce(0) { $0 + $1.bytes }
        written += count
        guard written == records.count || written > 10_000 else { return }
        records.removeFirst(written)
        written = 0
    }

    /// Drops all records: nothing more will be written.
    mutating func abandon() {
        lost += count
        records = []
        written = 0
        bytes = 0
    }
}
