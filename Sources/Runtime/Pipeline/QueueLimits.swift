/// How much may wait in a bounded queue.
///
/// Every owner, such as a stream, has a share of its own that no other owner can use up. Beyond its share an owner draws
/// on a reserve that all owners have in common.
package struct QueueLimits: Sendable, Hashable {
    /// Elements in all.
    package var elements = Int.max
    /// Bytes in all.
    package var bytes = Int.max
    /// Bytes that each owner may hold at any time.
    package var share = Int.max
    /// Bytes that one owner may hold while the reserve lasts, its share included.
    package var ownerBytes = Int.max
    /// Bytes that all owners together may hold beyond their shares.
    package var reserve = Int.max
    /// Elements that are exempt from the other limits may wait up to this number before new owners are refused.
    package var exempt = Int.max

    package init() {}

    package static let unlimited = QueueLimits()

    package init(elements: Int) { self.elements = elements }

    /// The limits of a sink's queue.
    ///
    /// The shares of all streams fit into memory at the same time: 256 MiB divided by the streams, 64 KiB…1 MiB each. At
    /// 8 kHz, 64 KiB hold two seconds of both tracks.
    ///
    /// - Parameter maxStreams: concurrent streams.
    package init(maxStreams: Int) {
        let streams = max(1, maxStreams)
        share = min(max((256 << 20) / streams, 64 << 10), 1 << 20)
        ownerBytes = share + (8 << 20)
        reserve = 32 << 20
        // Streams that ended while their blocks wait are beyond `max_streams`.
        bytes = share * (streams + streams / 4 + 16) + reserve
        // The opening, two tracks and the end of each stream, and as many of streams that ended meanwhile.
        exempt = 2 * 4 * (streams + 16)
    }
}
