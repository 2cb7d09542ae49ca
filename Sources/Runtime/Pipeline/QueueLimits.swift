/// The limits of a bounded queue.
///
/// Every owner, such as a stream, has a share that no other owner can use. Beyond its share an owner draws on a reserve
/// shared by all owners.
package struct QueueLimits: Sendable, Hashable {
    /// Total elements.
    package var elements = Int.max
    /// Total bytes.
    package var bytes = Int.max
    /// Bytes guaranteed to each owner.
    package var share = Int.max
    /// Maximum bytes of one owner while the reserve lasts, its share included.
    package var ownerBytes = Int.max
    /// Maximum bytes of all owners together beyond their shares.
    package var reserve = Int.max
    /// Maximum number of waiting elements exempt from the other limits before new owners are refused.
    package var exempt = Int.max

    package init() {}

    package static let unlimited = QueueLimits()

    package init(elements: Int) { self.elements = elements }

    /// The limits of a sink's queue.
    ///
    /// The shares of all streams fit into memory at the same time: 256 MiB divided by the number of streams, 64 KiB…1
    /// MiB each. At 8 kHz, 64 KiB hold two seconds of both tracks.
    ///
    /// - Parameter maxStreams: concurrent streams.
    package init(maxStreams: Int) {
        let streams = max(1, maxStreams)
        share = min(max((256 << 20) / streams, 64 << 10), 1 << 20)
        ownerBytes = share + (8 << 20)
        reserve = 32 << 20
        // Ended streams with waiting blocks are not included in `max_streams`.
        bytes = share * (streams + streams / 4 + 16) + reserve
        // The opening, two tracks and the end of each stream, and the same number for streams that have ended
        // meanwhile.
        exempt = 2 * 4 * (streams + 16)
    }
}
