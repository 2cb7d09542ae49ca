/// The records that wait to be written, in order, up to a limit of memory.
///
/// When it is full, the newest is refused and counted; what ends a stream is taken in any case, because a stream that is
/// stored must not look as if it ran for ever.
struct StoreSpool {
    private let limitBytes: Int
    private var records: [StoreRecord] = []
    /// Those of `records` that are written already.
    private var written = 0
    private(set) var bytes = 0
    /// Records that were refused.
    private(set) var lost = 0

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    var count: Int { records.count - written }

    /// - Returns: whether it was taken.
    mutating func offer(_ record: StoreRecord) -> Bool { offer([record]) }

    /// Takes all records or none.
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

    /// What belongs to a stream whose opening was refused.
    mutating func refuse() { lost += 1 }

    /// The oldest records.
    func first(_ limit: Int) -> ArraySlice<StoreRecord> {
        records[written..<min(records.count, written + limit)]
    }

    /// The oldest records are written.
    mutating func removeFirst(_ count: Int) {
        bytes -= records[written..<(written + count)].reduce(0) { $0 + $1.bytes }
        written += count
        guard written == records.count || written > 10_000 else { return }
        records.removeFirst(written)
        written = 0
    }

    /// Nothing of it will be written any more.
    mutating func abandon() {
        lost += count
        records = []
        written = 0
        bytes = 0
    }
}
