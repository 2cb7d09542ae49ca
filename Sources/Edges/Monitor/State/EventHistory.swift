/// The latest signals of the server, by number.
struct EventHistory {
    private let limit: Int
    private var events: [NumberedEvent] = []
    /// The index of the oldest signal, once the history is full.
    private var oldest = 0
    /// The number of the newest; 0 before the first.
    private(set) var last: Int64 = 0

    /// - Parameter limit: the number kept, at least 1.
    init(limit: Int) { self.limit = limit }

    /// The number of the oldest signal kept; one past `last` if there is none.
    var first: Int64 { last - Int64(events.count) + 1 }

    mutating func append(_ event: NumberedEvent) {
        last = event.number
        if events.count < limit {
            events.append(event)
        } else {
            events[oldest] = event
            oldest = (oldest + 1) % limit
        }
    }

    /// The signals after a number, in order.
    func events(after number: Int64) -> [NumberedEvent] {
        let skipped = Int(max(0, min(Int64(events.count), max(0, number) - first + 1)))
        return (skipped..<events.count).map { events[(oldest + $0) % events.count] }
    }
}
