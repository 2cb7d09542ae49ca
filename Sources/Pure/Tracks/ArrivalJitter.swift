/// How unevenly packets arrive (RFC 3550 §6.4.1).
///
///     J ← J + (|D| − J) / 16,  D = (Rⱼ − Rᵢ) − (Sⱼ − Sᵢ)
///
/// R is the arrival of a packet's message, S the platform's timestamp, of packets in the order of their arrival.
public struct ArrivalJitter: Sendable {
    /// J in milliseconds, from 0 up; nil before the second packet with a timestamp.
    public private(set) var milliseconds: Double?
    private var last: (arrivalMs: Double, timestampMs: Int64)?

    public init() {}

    /// Takes the next packet as it came.
    ///
    /// - Parameters:
    ///   - arrival: in seconds on a clock that is never set.
    ///   - timestampMs: of the platform; the packet does not count without one.
    public mutating func record(arrival: Double, timestampMs: Int64?) {
        guard let timestampMs else { return }
        let arrivalMs = arrival * 1_000
        if let last {
            let deviation = abs((arrivalMs - last.arrivalMs) - (Double(timestampMs) - Double(last.timestampMs)))
            let jitter = milliseconds ?? 0
            milliseconds = jitter + (deviation - jitter) / 16
        }
        last = (arrivalMs, timestampMs)
    }
}
