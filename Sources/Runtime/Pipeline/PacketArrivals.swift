/// The arrival times of the latest packets of one track, by their end positions.
struct PacketArrivals {
    /// The number of packets kept: more than a second of 20 ms packets.
    static let kept = 64

    private var packets = [(end: Int64, arrival: Double)](repeating: (.min, 0), count: kept)
    private var slot = 0

    /// - Parameters:
    ///   - end: one past the packet's last sample.
    ///   - arrival: in seconds.
    mutating func record(end: Int64, arrival: Double) {
        packets[slot] = (end, arrival)
        slot = (slot + 1) % Self.kept
    }

    /// The arrival time of the last sample before `end`; nil before it has arrived. For samples of packets no longer
    /// kept, the earliest arrival kept: they arrived before it.
    func arrival(before end: Int64) -> Double? {
        var best: (end: Int64, arrival: Double)?
        for packet in packets where packet.end >= end {
            if let best, (best.end, best.arrival) <= packet { continue }
            best = packet
        }
        return best?.arrival
    }
}
