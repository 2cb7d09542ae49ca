/// When the latest packets of one track arrived, by the sample that each ends before.
struct PacketArrivals {
    /// Packets that are kept: more than a second of packets of 20 ms.
    static let kept = 64

    private var packets = [(end: Int64, arrival: Double)](repeating: (.min, 0), count: kept)
    private var place = 0

    /// - Parameters:
    ///   - end: one past the packet's last sample.
    ///   - arrival: in seconds.
    mutating func record(end: Int64, arrival: Double) {
        packets[place] = (end, arrival)
        place = (place + 1) % Self.kept
    }

    /// When the last sample before `end` arrived; nil when no packet brought it yet. Of samples whose packet is no longer
    /// kept, the earliest arrival that is: they came before it.
    func arrival(before end: Int64) -> Double? {
        var best: (end: Int64, arrival: Double)?
        for packet in packets where packet.end >= end {
            if let best, (best.end, best.arrival) <= packet { continue }
            best = packet
        }
        return best?.arrival
    }
}
