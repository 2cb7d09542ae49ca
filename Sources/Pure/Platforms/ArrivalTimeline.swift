/// Places the packets of a dialect without timestamps: consecutively, and after a pause at their arrival.
///
/// Arrival alone does not show a pause, because a network that stalls delivers late what was sent in time. So a delay counts
/// as a pause only once packets have been late for `confirmationMs`: what a stall holds up arrives in a burst before. The
/// same messages with the same arrivals give the same positions.
public struct ArrivalTimeline: Sendable {
    /// Packets that are later than this may follow a pause, in milliseconds.
    public static let toleranceMs: Int64 = 200
    /// How long packets must be late, in milliseconds.
    public static let confirmationMs: Int64 = 300

    /// Where arrival 0 is on the timeline, at the earliest that was seen.
    private var origin: Int64?
    private var pausesMs: Int64 = 0
    /// When the first of the late packets arrived.
    private var lateSince: Int64?

    public init() {}

    /// The position of a packet.
    ///
    /// - Parameters:
    ///   - mediaMs: the audio of the stream before the packet, in milliseconds.
    ///   - arrival: since the connection opened.
    /// - Returns: milliseconds since the start of the stream.
    public mutating func position(mediaMs: Int64, arrival: Duration) -> Int64 {
        let (seconds, attoseconds) = arrival.components
        let arrivalMs = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        let own = arrivalMs - mediaMs - pausesMs
        let origin = min(origin ?? own, own)
        self.origin = origin
        let lateMs = own - origin
        guard lateMs > Self.toleranceMs else {
            lateSince = nil
            return mediaMs + pausesMs
        }
        let since = lateSince ?? arrivalMs
        lateSince = since
        if arrivalMs - since >= Self.confirmationMs {
            pausesMs += lateMs
            lateSince = nil
        }
        return mediaMs + pausesMs
    }

    /// Handles the platform's report of omitted audio.
    public mutating func skip(ms: Int64) { pausesMs += max(0, ms) }
}
