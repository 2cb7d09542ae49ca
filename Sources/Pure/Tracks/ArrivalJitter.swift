/// The interarrival jitter of packets (RFC 3550 §6.4.1).
///
///     J ← J + (|D| − J) / 16,  D = (Rⱼ − Rᵢ) − (Sⱼ − Sᵢ)
///
/// R is the arrival time of a packet's message and S the platform's timestamp, for packets in order of arrival.
public struct ArrivalJitter: Sendable {
    /// J in milliseconds, at least 0; nil before the second packet with a timestamp.
    public private(set) var milliseconds: Double?
    private var last: (arrivalMs: Double, timestampMs: Int64)?

    public init() {}

    /// Records the next packet in order of arrival.
    ///
    /// - Parameters:
    ///   - arrival: in seconds on a monotonic clock.
    ///   - timestampMs: the platform's timestamp; packets without one are ignored.
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
